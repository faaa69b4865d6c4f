import { type BufferGeometry, Matrix3, type Mesh, type MeshStandardMaterial } from 'three';

export type SurfaceMesh = Mesh<BufferGeometry, MeshStandardMaterial>;

/** A mesh and where its vertices and triangles lie in the list. */
export interface MeshPart {
  mesh: SurfaceMesh;
  firstVertex: number;
  endVertex: number;
  firstTriangle: number;
  endTriangle: number;
}

/**
 * The triangles of several meshes in world space, in one set of arrays. Behind the meshes' own there is room for what
 * clipping cuts off; every update empties it, but for what is to be kept.
 */
export class TriangleList {
  readonly parts: readonly MeshPart[];
  /** [vertices, 3] */
  readonly positions: Float32Array;
  /** [vertices, 3]: not of unit length where a mesh is scaled. */
  readonly normals: Float32Array;
  /** [triangles, 3]: vertices, anticlockwise seen from outside. */
  readonly corners: Int32Array;
  /** [triangles]: index of the triangle's part. */
  readonly partOf: Int32Array;
  /** Vertices and triangles in use. */
  vertexCount: number;
  triangleCount: number;

  private keptVertexCount: number;
  private keptTriangleCount: number;
  private readonly localPositions: Float32Array;
  private readonly localNormals: Float32Array;
  private readonly normalMatrix = new Matrix3();

  constructor(meshes: readonly SurfaceMesh[]) {
    let vertices = 0;
    let triangles = 0;
    this.parts = meshes.map((mesh) => {
      const firstVertex = vertices;
      const firstTriangle = triangles;
      vertices += mesh.geometry.getAttribute('position').count;
      triangles += cornerCount(mesh.geometry) / 3;
      return { mesh, firstVertex, endVertex: vertices, firstTriangle, endTriangle: triangles };
    });
    this.keptVertexCount = this.vertexCount = vertices;
    this.keptTriangleCount = this.triangleCount = triangles;
    // A plane cuts a triangle at two points into at most two pieces.
    this.positions = new Float32Array(3 * (vertices + 2 * triangles));
    this.normals = new Float32Array(this.positions.length);
    this.corners = new Int32Array(9 * triangles);
    this.partOf = new Int32Array(3 * triangles);
    this.localPositions = new Float32Array(3 * vertices);
    this.localNormals = new Float32Array(3 * vertices);
    for (const [index, part] of this.parts.entries()) this.copyGeometry(part, index);
  }

  private copyGeometry(part: MeshPart, index: number): void {
    const { mesh, firstVertex, endVertex, firstTriangle, endTriangle } = part;
    const { geometry } = mesh;
    const positions = geometry.getAttribute('position');
    const normals = geometry.getAttribute('normal');
    for (let vertex = firstVertex; vertex < endVertex; vertex++) {
      for (let axis = 0; axis < 3; axis++) {
        this.localPositions[3 * vertex + axis] = positions.getComponent(vertex - firstVertex, axis);
        this.localNormals[3 * vertex + axis] = normals.getComponent(vertex - firstVertex, axis);
      }
    }
    for (let corner = 3 * firstTriangle; corner < 3 * endTriangle; corner++) {
      const local = corner - 3 * firstTriangle;
      this.corners[corner] = firstVertex + (geometry.index ? geometry.index.getX(local) : local);
    }
    this.partOf.fill(index, firstTriangle, endTriangle);
  }

  /** Moves all vertices to where the meshes' world matrices put them. */
  update(): void {
    this.vertexCount = this.keptVertexCount;
    this.triangleCount = this.keptTriangleCount;
    for (const part of this.parts) this.transform(part);
  }

  /** Keeps what has been added so far. */
  keepAdded(): void {
    this.keptVertexCount = this.vertexCount;
    this.keptTriangleCount = this.triangleCount;
  }

  private transform({ mesh, firstVertex, endVertex }: MeshPart): void {
    const { positions, normals, localPositions, localNormals } = this;
    const m = mesh.matrixWorld.elements;
    const n = this.normalMatrix.getNormalMatrix(mesh.matrixWorld).elements;
    for (let i = 3 * firstVertex; i < 3 * endVertex; i += 3) {
      const x = localPositions[i];
      const y = localPositions[i + 1];
      const z = localPositions[i + 2];
      positions[i] = m[0] * x + m[4] * y + m[8] * z + m[12];
      positions[i + 1] = m[1] * x + m[5] * y + m[9] * z + m[13];
      positions[i + 2] = m[2] * x + m[6] * y + m[10] * z + m[14];
      const u = localNormals[i];
      const v = localNormals[i + 1];
      const w = localNormals[i + 2];
      normals[i] = n[0] * u + n[3] * v + n[6] * w;
      normals[i + 1] = n[1] * u + n[4] * v + n[7] * w;
      normals[i + 2] = n[2] * u + n[5] * v + n[8] * w;
    }
  }

  /** Adds the vertex at `share` of the way from vertex `a` to `b` and returns its index. */
  addVertexBetween(a: number, b: number, share: number): number {
    const { positions, normals } = this;
    const vertex = this.vertexCount++;
    for (let axis = 0; axis < 3; axis++) {
      const from = 3 * a + axis;
      const to = 3 * b + axis;
      positions[3 * vertex + axis] = positions[from] + share * (positions[to] - positions[from]);
      normals[3 * vertex + axis] = normals[from] + share * (normals[to] - normals[from]);
    }
    return vertex;
  }

  /** Adds a triangle of the part and returns its index. */
  addTriangle(part: number, a: number, b: number, c: number): number {
    const triangle = this.triangleCount++;
    this.corners[3 * triangle] = a;
    this.corners[3 * triangle + 1] = b;
    this.corners[3 * triangle + 2] = c;
    this.partOf[triangle] = part;
    return triangle;
  }
}

function cornerCount(geometry: BufferGeometry): number {
  return geometry.index?.count ?? geometry.getAttribute('position').count;
}
