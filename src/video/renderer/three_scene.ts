import {
  Color,
  DirectionalLight,
  Fog,
  Group,
  HemisphereLight,
  Mesh,
  MeshStandardMaterial,
  PerspectiveCamera,
  Scene,
} from 'three';
import type { Camera, Material, SceneDescription, Shape } from '../../../envs/scene.js';
import { surfaceOf } from './geometries.js';

const BACKGROUND = 0xccd6e0;
/** Distances from the camera where fog begins, and where it hides all, in scenes with a reach of 1 m. */
const FOG_FROM = 1.5;
const FOG_TO = 5;
const NEAR = 0.02;
const FAR = 50;

/** A description as three.js objects. Lights, fog and background are the same for all scenes, but for their reach. */
export interface ThreeScene {
  scene: Scene;
  camera: PerspectiveCamera;
  /** The bodies in the order of the description. */
  bodies: readonly Group[];
}

/** Builds the scene for any renderer; the bodies are to be moved by {@link placeBodies}. */
export function createThreeScene(description: SceneDescription, aspect: number): ThreeScene {
  const scene = new Scene();
  const { reach = 1 } = description;
  scene.background = new Color(BACKGROUND);
  scene.fog = new Fog(BACKGROUND, FOG_FROM * reach, FOG_TO * reach);
  addLights(scene, reach);
  const bodies = description.bodies.map(({ name, fixed, shapes }) => {
    const body = new Group();
    body.name = name;
    for (const shape of shapes) body.add(createMesh(name, fixed, shape));
    scene.add(body);
    return body;
  });
  return { scene, camera: createCamera(description.camera, aspect), bodies };
}

/** Moves the bodies to `poses` [bodies, 7]: position 3 and quaternion wxyz 4. */
export function placeBodies(bodies: readonly Group[], poses: Float32Array): void {
  for (const [index, body] of bodies.entries()) {
    const at = 7 * index;
    body.position.set(poses[at], poses[at + 1], poses[at + 2]);
    body.quaternion.set(poses[at + 4], poses[at + 5], poses[at + 6], poses[at + 3]);
  }
}

function createMesh(body: string, fixed: boolean, { geometry, material, pose }: Shape): Mesh {
  const mesh = new Mesh(surfaceOf(geometry), createMaterial(material));
  mesh.name = body;
  mesh.position.set(pose[0], pose[1], pose[2]);
  mesh.quaternion.set(pose[4], pose[5], pose[6], pose[3]);
  const solid = material.opacity === undefined;
  mesh.castShadow = solid && !fixed;
  mesh.receiveShadow = solid;
  mesh.static = fixed;
  return mesh;
}

function createMaterial({ color, roughness, opacity = 1 }: Material): MeshStandardMaterial {
  return new MeshStandardMaterial({ color, roughness, opacity, transparent: opacity < 1 });
}

function createCamera({ eye, target, verticalFovRadians }: Camera, aspect: number): PerspectiveCamera {
  const camera = new PerspectiveCamera((verticalFovRadians * 180) / Math.PI, aspect, NEAR, FAR);
  camera.up.set(0, 0, 1);
  camera.position.set(eye[0], eye[1], eye[2]);
  camera.lookAt(target[0], target[1], target[2]);
  return camera;
}

function addLights(scene: Scene, reach: number): void {
  const sky = new HemisphereLight(0xffffff, 0x8a8580, 1.3);
  sky.position.set(0, 0, 1);
  const sun = new DirectionalLight(0xfff6ea, 2.4);
  sun.position.set(0.9, 0.4, 2).multiplyScalar(reach);
  sun.target.position.set(-0.2, 0, 0).multiplyScalar(reach);
  sun.castShadow = true;
  const sides = { left: -reach, right: reach, top: reach, bottom: -reach };
  Object.assign(sun.shadow.camera, { ...sides, near: 0.2 * reach, far: 5 * reach });
  sun.shadow.camera.updateProjectionMatrix();
  scene.add(sky, sun, sun.target);
}
