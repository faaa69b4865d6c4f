import { type DirectionalLight, Fog, type HemisphereLight, type Scene, Vector3 } from 'three';
import type { CameraView } from './camera_view.js';
import type { ShadowMap } from './shadow_map.js';
import type { SurfaceMesh, TriangleList } from './triangle_list.js';

/** Reflectance of plastics and paints seen head-on, as in three.js. */
const HEAD_ON_REFLECTANCE = 0.04;
/** Length of a part's row of material values: red, green, blue, and what follows here. */
const MATERIAL_SIZE = 6;
const GLOSS = 3;
const SHARPNESS = 4;
const RECEIVES_SHADOW = 5;

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
  /** [3]: linear red, green and blue of the place that was shaded. */
  readonly colour = new Float64Array(3);
  /** [3] each: the located place and its unit normal. */
  readonly position = new Float64Array(3);
  readonly normal = new Float64Array(3);

  private readonly materials: Float64Array;
  /** [3] each; light that arrives is divided by π here, as Lambert's law asks. */
  private readonly sunDirection = new Float64Array(3);
  private readonly sunColour = new Float64Array(3);
  private readonly skyDirection = new Float64Array(3);
  /** The mean of sky and ground, and half their difference. */
  private readonly meanSky = new Float64Array(3);
  private readonly skyRise = new Float64Array(3);
  private readonly fogColour = new Float64Array(3);
  private fogNear = Infinity;
  private fogFar = Infinity;
  /** Offset of the located place's material, its distance along the camera's axis, and cosine of the sun's angle. */
  private material = 0;
  private depth = 0;
  private facing = 0;
  private readonly vector = new Vector3();
  private readonly target = new Vector3();

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
    const { vector, target } = this;
    const { sun, sky } = this.lights;
    vector.setFromMatrixPosition(sun.matrixWorld).sub(target.setFromMatrixPosition(sun.target.matrixWorld));
    vector.normalize().toArray(this.sunDirection);
    vector.setFromMatrixPosition(sky.matrixWorld).normalize().toArray(this.skyDirection);
    sun.color.toArray(this.sunColour);
    sky.color.toArray(this.skyRise);
    sky.groundColor.toArray(this.meanSky);
    for (let i = 0; i < 3; i++) {
      const above = (this.skyRise[i] * sky.intensity) / Math.PI;
      const below = (this.meanSky[i] * sky.intensity) / Math.PI;
      this.sunColour[i] *= sun.intensity / Math.PI;
      this.meanSky[i] = (above + below) / 2;
      this.skyRise[i] = (above - below) / 2;
    }
    const { fog } = this.scene;
    if (fog instanceof Fog) {
      fog.color.toArray(this.fogColour);
      this.fogNear = fog.near;
      this.fogFar = fog.far;
    }
    for (const [index, { mesh }] of this.list.parts.entries()) this.readMaterial(index, mesh);
  }

  private readMaterial(index: number, { material, receiveShadow }: SurfaceMesh): void {
    const at = MATERIAL_SIZE * index;
    const { roughness } = material;
    material.color.toArray(this.materials, at);
    this.materials[at + GLOSS] = (HEAD_ON_REFLECTANCE * roughness ** 4) / (roughness + 0.5);
    this.materials[at + SHARPNESS] = 1 - roughness ** 4;
    this.materials[at + RECEIVES_SHADOW] = receiveShadow ? 1 : 0;
  }

  /** Writes the colour of `triangle` at x, y (in samples) to `colour`; beside the triangle, that of its edge. */
  shade(triangle: number, x: number, y: number): void {
    this.locate(triangle, x, y);
    const isShadowed = this.facing > 0 && this.materials[this.material + RECEIVES_SHADOW] !== 0;
    this.light(isShadowed ? this.shadows.lightAt(this.position, this.normal) : 1);
  }

  /** Finds the place of the triangle that is seen at x, y, correctly in perspective. */
  locate(triangle: number, x: number, y: number): void {
    const { position, normal, sunDirection: sun } = this;
    const { positions, normals, corners, partOf } = this.list;
    const { points } = this.view;
    const a = 3 * corners[3 * triangle];
    const b = 3 * corners[3 * triangle + 1];
    const c = 3 * corners[3 * triangle + 2];
    const ax = points[a] - x;
    const ay = points[a + 1] - y;
    const bx = points[b] - x;
    const by = points[b + 1] - y;
    const cx = points[c] - x;
    const cy = points[c + 1] - y;
    // Twice the areas over the triangle's sides: barycentric coordinates on screen, and by 1 / depth those in space.
    const overA = positive(cx * by - bx * cy);
    const overB = positive(ax * cy - cx * ay);
    const overC = positive(bx * ay - ax * by);
    let wa = overA * points[a + 2];
    let wb = overB * points[b + 2];
    let wc = overC * points[c + 2];
    const scale = 1 / (wa + wb + wc);
    wa *= scale;
    wb *= scale;
    wc *= scale;
    this.depth = (overA + overB + overC) * scale;
    position[0] = wa * positions[a] + wb * positions[b] + wc * positions[c];
    position[1] = wa * positions[a + 1] + wb * positions[b + 1] + wc * positions[c + 1];
    position[2] = wa * positions[a + 2] + wb * positions[b + 2] + wc * positions[c + 2];
    const nx = wa * normals[a] + wb * normals[b] + wc * normals[c];
    const ny = wa * normals[a + 1] + wb * normals[b + 1] + wc * normals[c + 1];
    const nz = wa * normals[a + 2] + wb * normals[b + 2] + wc * normals[c + 2];
    const shorten = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz);
    normal[0] = nx * shorten;
    normal[1] = ny * shorten;
    normal[2] = nz * shorten;
    this.facing = normal[0] * sun[0] + normal[1] * sun[1] + normal[2] * sun[2];
    this.material = MATERIAL_SIZE * partOf[triangle];
  }

  /** Writes the colour of the located place to `colour`, with the given share of the sun's light. */
  light(share: number): void {
    const { colour, materials, material, normal, skyDirection: sky, sunColour, meanSky, skyRise } = this;
    const sunlight = share * positive(this.facing);
    const highlight = sunlight > 0 ? sunlight * this.highlight() : 0;
    const up = normal[0] * sky[0] + normal[1] * sky[1] + normal[2] * sky[2];
    for (let i = 0; i < 3; i++) {
      const diffuse = sunlight * sunColour[i] + meanSky[i] + up * skyRise[i];
      colour[i] = materials[material + i] * diffuse + highlight * sunColour[i];
    }
    if (this.depth > this.fogNear) this.addFog();
  }

  /**
   * π times the sun's reflectance towards the eye: the microfacet distribution GGX with visibility and Fresnel's factor
   * approximated together (Zioma, "Optimizing PBR for mobile", SIGGRAPH 2015).
   */
  private highlight(): number {
    const { materials, material, position, normal, sunDirection: sun } = this;
    const { eye } = this.view;
    const vx = eye.x - position[0];
    const vy = eye.y - position[1];
    const vz = eye.z - position[2];
    const shorten = 1 / Math.sqrt(vx * vx + vy * vy + vz * vz);
    const hx = vx * shorten + sun[0];
    const hy = vy * shorten + sun[1];
    const hz = vz * shorten + sun[2];
    const square = hx * hx + hy * hy + hz * hz;
    const along = normal[0] * hx + normal[1] * hy + normal[2] * hz;
    const spread = square - materials[material + SHARPNESS] * along * along;
    return (materials[material + GLOSS] * square) / (spread * spread);
  }

  private addFog(): void {
    const { colour, fogColour, fogNear, fogFar } = this;
    const share = Math.min(1, (this.depth - fogNear) / (fogFar - fogNear));
    const fog = share * share * (3 - 2 * share);
    for (let i = 0; i < 3; i++) colour[i] += fog * (fogColour[i] - colour[i]);
  }
}

function positive(value: number): number {
  return value > 0 ? value : 0;
}
