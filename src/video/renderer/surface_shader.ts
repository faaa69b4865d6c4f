import { type DirectionalLight, Fog, type HemisphereLight, type Scene, Vector3 } from 'three';
import type { CameraView } from './camera_view.js';
import type { ShadowMap } from './shadow_map.js';
import type { TriangleList } from './triangle_list.js';

/** Reflectance of plastics and paints seen head-on, as in three.js. */
const HEAD_ON_REFLECTANCE = 0.04;

/** Offsets into a part's row of material values, which begins with red, green and blue. */
const ROUGHNESS = 3;
const RECEIVES_SHADOW = 4;
const MATERIAL_SIZE = 5;

/** The lights of a scene that the shader knows. */
export interface Lights {
  sun: DirectionalLight;
  sky: HemisphereLight;
}

/**
 * The colour of a triangle at a place on screen: Lambert's law and a highlight for the sun, as far as its shadow map
 * lets it through, light of sky and ground by the normal's direction, and fog.
 */
export class SurfaceShader {
  /** [3]: linear red, green and blue, written by `shade`. */
  readonly colour = new Float64Array(3);

  private readonly materials: Float64Array;
  private readonly sunDirection = new Vector3();
  private readonly upDirection = new Vector3();
  private readonly target = new Vector3();
  private readonly sunColour = new Float64Array(3);
  private readonly groundColour = new Float64Array(3);
  /** Sky minus ground. */
  private readonly skyRise = new Float64Array(3);
  private readonly fogColour = new Float64Array(3);
  private fogNear = 0;
  private fogFar = 0;

  constructor(
    private readonly list: TriangleList,
    private readonly view: CameraView,
    private readonly shadows: ShadowMap,
    private readonly scene: Scene,
    private readonly lights: Lights,
  ) {
    this.materials = new Float64Array(MATERIAL_SIZE * list.parts.length);
  }

  /** Reads lights, fog and materials. */
  update(): void {
    const { sun, sky } = this.lights;
    this.sunDirection
      .setFromMatrixPosition(sun.matrixWorld)
      .sub(this.target.setFromMatrixPosition(sun.target.matrixWorld))
      .normalize();
    this.upDirection.setFromMatrixPosition(sky.matrixWorld).normalize();
    // Lambert's law divides the light that arrives by π.
    sun.color.toArray(this.sunColour);
    sky.groundColor.toArray(this.groundColour);
    sky.color.toArray(this.skyRise);
    for (let i = 0; i < 3; i++) {
      this.sunColour[i] *= sun.intensity / Math.PI;
      this.groundColour[i] *= sky.intensity / Math.PI;
      this.skyRise[i] = this.skyRise[i] * (sky.intensity / Math.PI) - this.groundColour[i];
    }
    const { fog } = this.scene;
    if (fog instanceof Fog) {
      fog.color.toArray(this.fogColour);
      this.fogNear = fog.near;
      this.fogFar = fog.far;
    }
    for (const [index, { mesh }] of this.list.parts.entries()) {
      const at = MATERIAL_SIZE * index;
      mesh.material.color.toArray(this.materials, at);
      this.materials[at + ROUGHNESS] = mesh.material.roughness;
      this.materials[at + RECEIVES_SHADOW] = mesh.receiveShadow ? 1 : 0;
    }
  }

  /** Writes the colour of `triangle` at x, y (in samples) to `colour`; beside the triangle, that of its edge. */
  shade(triangle: number, x: number, y: number): void {
    const { list, view, shadows, materials, colour, sunDirection: sun, upDirection: up } = this;
    const { sunColour, groundColour, skyRise, fogColour } = this;
    const { positions, normals, corners } = list;
    const { points, eye } = view;
    const a = 3 * corners[3 * triangle];
    const b = 3 * corners[3 * triangle + 1];
    const c = 3 * corners[3 * triangle + 2];

    // Twice the areas over the triangle's sides: barycentric coordinates on screen, and by 1 / depth those in space.
    const ax = points[a] - x;
    const ay = points[a + 1] - y;
    const bx = points[b] - x;
    const by = points[b + 1] - y;
    const cx = points[c] - x;
    const cy = points[c + 1] - y;
    const overA = Math.max(0, cx * by - bx * cy);
    const overB = Math.max(0, ax * cy - cx * ay);
    const overC = Math.max(0, bx * ay - ax * by);
    const inA = overA * points[a + 2];
    const inB = overB * points[b + 2];
    const inC = overC * points[c + 2];
    const scale = 1 / (inA + inB + inC);
    const wa = inA * scale;
    const wb = inB * scale;
    const wc = inC * scale;
    const depth = (overA + overB + overC) * scale;

    const px = wa * positions[a] + wb * positions[b] + wc * positions[c];
    const py = wa * positions[a + 1] + wb * positions[b + 1] + wc * positions[c + 1];
    const pz = wa * positions[a + 2] + wb * positions[b + 2] + wc * positions[c + 2];
    let nx = wa * normals[a] + wb * normals[b] + wc * normals[c];
    let ny = wa * normals[a + 1] + wb * normals[b + 1] + wc * normals[c + 1];
    let nz = wa * normals[a + 2] + wb * normals[b + 2] + wc * normals[c + 2];
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz);
    nx /= length;
    ny /= length;
    nz /= length;

    const material = MATERIAL_SIZE * list.partOf[triangle];
    let sunlight = Math.max(0, nx * sun.x + ny * sun.y + nz * sun.z);
    if (sunlight > 0 && materials[material + RECEIVES_SHADOW] !== 0) {
      sunlight *= shadows.lightAt(px, py, pz, nx, ny, nz);
    }
    let highlight = 0;
    if (sunlight > 0) {
      const vx = eye.x - px;
      const vy = eye.y - py;
      const vz = eye.z - pz;
      highlight = sunlight * this.reflected(vx, vy, vz, nx, ny, nz, materials[material + ROUGHNESS]);
    }
    const skyShare = 0.5 + 0.5 * (nx * up.x + ny * up.y + nz * up.z);
    const fog = smoothstep(this.fogNear, this.fogFar, depth);
    for (let i = 0; i < 3; i++) {
      const light = sunlight * sunColour[i] + groundColour[i] + skyShare * skyRise[i];
      const surface = materials[material + i] * light + highlight * sunColour[i];
      colour[i] = surface + fog * (fogColour[i] - surface);
    }
  }

  /** π times the reflectance of a rough surface (GGX) from the sun to the direction v, which need not be of unit length. */
  private reflected(
    vx: number,
    vy: number,
    vz: number,
    nx: number,
    ny: number,
    nz: number,
    roughness: number,
  ): number {
    const sun = this.sunDirection;
    const distance = Math.sqrt(vx * vx + vy * vy + vz * vz);
    const hx = vx / distance + sun.x;
    const hy = vy / distance + sun.y;
    const hz = vz / distance + sun.z;
    const length = Math.sqrt(hx * hx + hy * hy + hz * hz);
    const normalHalf = Math.max(0, (nx * hx + ny * hy + nz * hz) / length);
    const normalView = Math.max(0, (nx * vx + ny * vy + nz * vz) / distance);
    const normalSun = nx * sun.x + ny * sun.y + nz * sun.z;
    // The half vector makes the same angle with the view and the sun; its length is twice that angle's cosine.
    const grazing = 1 - 0.5 * length;
    const alpha = roughness * roughness;
    const square = alpha * alpha;
    const spread = normalHalf * normalHalf * (square - 1) + 1;
    const k = 0.5 * alpha;
    const visibility = 0.25 / ((normalView * (1 - k) + k) * (normalSun * (1 - k) + k));
    const fresnel = HEAD_ON_REFLECTANCE + (1 - HEAD_ON_REFLECTANCE) * grazing ** 5;
    return (square / (spread * spread)) * visibility * fresnel;
  }
}

function smoothstep(low: number, high: number, value: number): number {
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return share * share * (3 - 2 * share);
}
