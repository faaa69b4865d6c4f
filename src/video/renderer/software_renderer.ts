import {
  Color,
  DirectionalLight,
  HemisphereLight,
  Mesh,
  MeshStandardMaterial,
  type PerspectiveCamera,
  type Scene,
  type Vector3,
} from 'three';
import { Backdrop } from './backdrop.js';
import { CameraView } from './camera_view.js';
import { DepthBuffer, SAMPLES } from './depth_buffer.js';
import { PixelWriter } from './pixel_writer.js';
import { ShadowMap } from './shadow_map.js';
import { type Lights, SurfaceShader } from './surface_shader.js';
import { type MeshPart, type SurfaceMesh, TriangleList } from './triangle_list.js';

/**
 * Draws a three.js scene on the CPU: meshes of `MeshStandardMaterial` (colour, roughness, opacity), one directional
 * light with shadows, one hemisphere light, fog and a background colour. The meshes are those that the scene has at
 * construction. Camera, lights and the meshes marked as `static` stay where the first frame finds them.
 */
export class SoftwareRenderer {
  private readonly list: TriangleList;
  private readonly view: CameraView;
  private readonly shadows: ShadowMap;
  private readonly shader: SurfaceShader;
  private readonly staticParts: readonly MeshPart[];
  private readonly movingParts: readonly MeshPart[];
  private readonly translucentParts: MeshPart[];
  private readonly opaque: DepthBuffer;
  private readonly translucent: DepthBuffer;
  private readonly backdrop: Backdrop;
  private hasBackdrop = false;
  private readonly writer: PixelWriter;
  private readonly bounds = { left: 0, top: 0, right: 0, bottom: 0 };
  private readonly background: Color;

  constructor(
    private readonly scene: Scene,
    camera: PerspectiveCamera,
    width: number,
    height: number,
  ) {
    const { meshes, lights } = survey(scene);
    this.list = new TriangleList(meshes);
    const opaqueParts = this.list.parts.filter(({ mesh }) => !mesh.material.transparent);
    this.staticParts = opaqueParts.filter(({ mesh }) => mesh.static);
    this.movingParts = opaqueParts.filter(({ mesh }) => !mesh.static);
    this.translucentParts = this.list.parts.filter(({ mesh }) => mesh.material.transparent);
    this.opaque = new DepthBuffer(SAMPLES * width, SAMPLES * height);
    this.translucent = new DepthBuffer(SAMPLES * width, SAMPLES * height);
    this.view = new CameraView(this.list, camera, SAMPLES * width, SAMPLES * height);
    this.shadows = new ShadowMap(this.list, lights.sun);
    this.shader = new SurfaceShader(this.list, this.view, this.shadows, scene, lights);
    this.backdrop = new Backdrop(width, height, this.shader, this.shadows);
    this.writer = new PixelWriter(width, height, this.shader);
    this.background = scene.background instanceof Color ? scene.background : new Color(0);
  }

  /** Draws the scene as it is now. RGBA, row by row from the top; rewritten by the next call. */
  render(): Uint8ClampedArray {
    const { scene, list, view, opaque, translucent, backdrop, writer, bounds } = this;
    scene.updateMatrixWorld();
    list.update();
    view.update();
    this.shadows.update();
    if (!this.hasBackdrop) this.drawBackdrop();
    opaque.copy(backdrop.samples);
    for (const part of this.movingParts) view.draw(part, opaque, opaque);
    writer.write(opaque, backdrop, this.background);
    this.sortTranslucent();
    for (const part of this.translucentParts) {
      view.bounds(part, bounds);
      translucent.clearRectangle(bounds);
      view.draw(part, translucent, opaque);
      writer.blend(translucent, bounds, part.mesh.material.opacity);
    }
    return writer.pixels;
  }

  private drawBackdrop(): void {
    const { list, view, backdrop } = this;
    this.shader.update();
    backdrop.samples.clear();
    for (const part of this.staticParts) view.draw(part, backdrop.samples, backdrop.samples);
    list.keepAdded();
    backdrop.shade(this.background);
    this.hasBackdrop = true;
  }

  /** Orders the translucent parts from the farthest to the nearest, by their origins. */
  private sortTranslucent(): void {
    const { eye } = this.view;
    this.translucentParts.sort((a, b) => squaredDistance(b.mesh, eye) - squaredDistance(a.mesh, eye));
  }
}

function squaredDistance({ matrixWorld: { elements } }: Mesh, { x, y, z }: Vector3): number {
  return (elements[12] - x) ** 2 + (elements[13] - y) ** 2 + (elements[14] - z) ** 2;
}

/** The meshes and lights of a scene. Throws if there is a mesh of another material or not just one light of each kind. */
function survey(scene: Scene): { meshes: SurfaceMesh[]; lights: Lights } {
  const meshes: SurfaceMesh[] = [];
  const suns: DirectionalLight[] = [];
  const skies: HemisphereLight[] = [];
  scene.traverse((object) => {
    if (object instanceof DirectionalLight) suns.push(object);
    else if (object instanceof HemisphereLight) skies.push(object);
    else if (object instanceof Mesh) {
      if (!(object.material instanceof MeshStandardMaterial)) {
        throw new Error(`the mesh "${object.name}" has no MeshStandardMaterial`);
      }
      meshes.push(object);
    }
  });
  if (suns.length !== 1 || skies.length !== 1) {
    throw new Error(
      `${suns.length} directional and ${skies.length} hemisphere lights; one of each can be drawn`,
    );
  }
  return { meshes, lights: { sun: suns[0], sky: skies[0] } };
}
