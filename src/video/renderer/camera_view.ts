import { Matrix4, type PerspectiveCamera, Vector3 } from 'three';
import type { DepthBuffer, SampleRectangle } from './depth_buffer.js';
import { SAMPLES } from './depth_buffer.js';
import type { MeshPart, TriangleList } from './triangle_list.js';

/** The triangles of a list as a perspective camera sees them: projects, clips at the near plane and draws. */
export class CameraView {
  /** [vertices, 3]: x and y in samples (y down) and 1 / depth; meaningless in front of the near plane. */
  readonly points: Float64Array;
  readonly eye = new Vector3();

  /** [vertices]: distance along the camera's axis. */
  private readonly depths: Float64Array;
  private readonly matrix = new Matrix4();
  private readonly corner = new Int32Array(3);
  private readonly kept = new Int32Array(4);

  constructor(
    private readonly list: TriangleList,
    private readonly camera: PerspectiveCamera,
    private readonly width: number,
    private readonly height: number,
  ) {
    this.points = new Float64Array(list.positions.length);
    this.depths = new Float64Array(list.positions.length / 3);
  }

  /** Projects the meshes' vertices. */
  update(): void {
    const { camera, matrix } = this;
    camera.updateMatrixWorld();
    this.eye.setFromMatrixPosition(camera.matrixWorld);
    matrix.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse);
    this.project(0, this.list.vertexCount);
  }

  private project(first: number, end: number): void {
    const { points, depths, width, height } = this;
    const { positions } = this.list;
    const m = this.matrix.elements;
    for (let vertex = first; vertex < end; vertex++) {
      const i = 3 * vertex;
      const x = positions[i];
      const y = positions[i + 1];
      const z = positions[i + 2];
      const depth = m[3] * x + m[7] * y + m[11] * z + m[15];
      const nearness = 1 / depth;
      points[i] = (0.5 + 0.5 * nearness * (m[0] * x + m[4] * y + m[8] * z + m[12])) * width;
      points[i + 1] = (0.5 - 0.5 * nearness * (m[1] * x + m[5] * y + m[9] * z + m[13])) * height;
      points[i + 2] = nearness;
      depths[vertex] = depth;
    }
  }

  /** Draws the part into `buffer` where it is in front of what `limit` holds. */
  draw(part: MeshPart, buffer: DepthBuffer, limit: DepthBuffer): void {
    const { depths, points } = this;
    const { corners } = this.list;
    const { near } = this.camera;
    for (let triangle = part.firstTriangle; triangle < part.endTriangle; triangle++) {
      const a = corners[3 * triangle];
      const b = corners[3 * triangle + 1];
      const c = corners[3 * triangle + 2];
      if (depths[a] >= near && depths[b] >= near && depths[c] >= near) {
        buffer.fill(triangle, points, a, b, c, limit);
      } else if (depths[a] >= near || depths[b] >= near || depths[c] >= near) {
        this.drawClipped(triangle, buffer, limit);
      }
    }
  }

  private drawClipped(triangle: number, buffer: DepthBuffer, limit: DepthBuffer): void {
    const { list, depths, points, corner, kept } = this;
    const { near } = this.camera;
    const firstVertex = list.vertexCount;
    let count = 0;
    for (let i = 0; i < 3; i++) corner[i] = list.corners[3 * triangle + i];
    for (let i = 0; i < 3; i++) {
      const from = corner[i];
      const to = corner[(i + 1) % 3];
      if (depths[from] >= near) kept[count++] = from;
      if (depths[from] >= near !== depths[to] >= near) {
        const share = (near - depths[from]) / (depths[to] - depths[from]);
        kept[count++] = list.addVertexBetween(from, to, share);
      }
    }
    this.project(firstVertex, list.vertexCount);
    for (let i = 2; i < count; i++) {
      const piece = list.addTriangle(list.partOf[triangle], kept[0], kept[i - 1], kept[i]);
      buffer.fill(piece, points, kept[0], kept[i - 1], kept[i], limit);
    }
  }

  /** Writes the rectangle of whole pixels' samples around the part; empty (right < left) if it is out of the picture. */
  bounds(part: MeshPart, out: SampleRectangle): void {
    const { depths, points, width, height } = this;
    out.left = out.top = Infinity;
    out.right = out.bottom = -Infinity;
    for (let vertex = part.firstVertex; vertex < part.endVertex; vertex++) {
      if (depths[vertex] < this.camera.near) {
        out.left = out.top = 0;
        out.right = width - 1;
        out.bottom = height - 1;
        return;
      }
      out.left = Math.min(out.left, points[3 * vertex]);
      out.right = Math.max(out.right, points[3 * vertex]);
      out.top = Math.min(out.top, points[3 * vertex + 1]);
      out.bottom = Math.max(out.bottom, points[3 * vertex + 1]);
    }
    out.left = Math.max(0, SAMPLES * Math.floor(out.left / SAMPLES));
    out.top = Math.max(0, SAMPLES * Math.floor(out.top / SAMPLES));
    out.right = Math.min(width, SAMPLES * Math.ceil(out.right / SAMPLES)) - 1;
    out.bottom = Math.min(height, SAMPLES * Math.ceil(out.bottom / SAMPLES)) - 1;
  }
}
