import {
  BoxGeometry,
  DirectionalLight,
  HemisphereLight,
  Mesh,
  MeshBasicMaterial,
  PerspectiveCamera,
  Scene,
} from 'three';
import { describe, expect, it } from 'vitest';
import { SoftwareRenderer } from '../../../../src/video/renderer/software_renderer.js';

describe('the software renderer', () => {
  it('refuses what it could only leave out', () => {
    const scene = new Scene();
    const create = () => new SoftwareRenderer(scene, new PerspectiveCamera(), 8, 8);
    expect(create).toThrow('0 directional and 0 hemisphere lights');
    scene.add(new HemisphereLight(), new DirectionalLight());
    expect(create).not.toThrow();
    const sign = new Mesh(new BoxGeometry(), new MeshBasicMaterial());
    sign.name = 'sign';
    scene.add(sign);
    expect(create).toThrow('the mesh "sign" has no MeshStandardMaterial');
  });
});
