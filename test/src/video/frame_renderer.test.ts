import { describe, expect, it } from 'vitest';
import { HULL_VERTICES } from '../../../envs/panda/model_data.js';
import { sceneOf } from '../../../envs/registry.js';
import type { SceneBody } from '../../../envs/scene.js';
import { hull } from '../../../envs/shapes.js';
import { createFrameRenderer } from '../../../src/video/frame_renderer.js';
import { readEpisodes, stateOf } from '../../envs/parity_fixture.js';
import { boxBody, Picture, posesAt, project, stillScene } from './pictures.js';

const SIZE = { width: 128, height: 128 };
const RED = 0xff0000;
const GREEN = 0x00ff00;
const BLUE = 0x0000ff;
const BACKGROUND = [0xcc, 0xd6, 0xe0];

const isRed = ([r, g, b]: number[]) => r > 2 * g && r > 2 * b;
const isBlue = ([r, g, b]: number[]) => b > 2 * r && b > 2 * g;
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

describe('a picture of PickCube', () => {
  const scene = sceneOf('PickCube-v1');
  const [episode] = readEpisodes();
  const posesOf = (state: ReturnType<typeof stateOf>) => {
    const poses = new Float32Array(7 * scene.bodies.length);
    scene.writePoses(state, poses);
    return poses;
  };
  const render = (state: ReturnType<typeof stateOf>) => Picture.of(scene, posesOf(state), SIZE);

  it('shows a red cube and a green goal where they are', () => {
    const state = stateOf(episode);
    state.actors.cube.set([0.1, 0.15, 0.02]);
    state.actors.goal_site.set([0.05, -0.08, 0.25]);
    const picture = render(state);
    expect(isRed(picture.atPoint([0.1, 0.15, 0.02], scene.camera))).toBe(true);
    const [red, green, blue] = picture.atPoint([0.05, -0.08, 0.25], scene.camera);
    expect(green).toBeGreaterThan(1.3 * red);
    expect(green).toBeGreaterThan(1.1 * blue);
  });

  it('shows the arm where the collision hulls of its links are', () => {
    const camera = { ...scene.camera, eye: [0.6, 1, 0.6], target: [-0.3, 0, 0.35] };
    const arm = (bodies: SceneBody[]) => ({ bodies, camera, writePoses: () => {} });
    const links = scene.bodies.filter(({ name }) => name.startsWith('panda_link') || name === 'panda_hand');
    const hulls = links.map((link): SceneBody => {
      const vertices = HULL_VERTICES[link.name.slice('panda_'.length) as keyof typeof HULL_VERTICES];
      return { ...link, shapes: [hull({ color: 0, roughness: 1 }, vertices)] };
    });
    const poses = posesOf(stateOf(episode));
    const first = 7 * scene.bodies.indexOf(links[0]);
    const linkPoses = poses.subarray(first, first + 7 * links.length);
    const drawn = Picture.of(arm(links), linkPoses, SIZE);
    const expected = Picture.of(arm(hulls), linkPoses, SIZE);
    let either = 0;
    let both = 0;
    for (let row = 0; row < SIZE.height; row++) {
      for (let column = 0; column < SIZE.width; column++) {
        const isDrawn = drawn.at(column, row).join() !== BACKGROUND.join();
        const isExpected = expected.at(column, row).join() !== BACKGROUND.join();
        if (isDrawn || isExpected) either++;
        if (isDrawn && isExpected) both++;
      }
    }
    expect(either).toBeGreaterThan(1000);
    expect(both / either).toBeGreaterThan(0.85);
  });

  it('changes when a joint moves by a tenth of a radian', () => {
    const state = stateOf(episode);
    const before = render(state);
    state.articulations.panda[13 + 3] += 0.1;
    expect(render(state).pixels).not.toEqual(before.pixels);
  });

  it('is the same from another renderer and after other frames', () => {
    const renderer = createFrameRenderer(scene, SIZE);
    const first = renderer.render(posesOf(stateOf(episode))).slice();
    renderer.render(posesOf(stateOf(episode, 30)));
    expect(renderer.render(posesOf(stateOf(episode))).slice()).toEqual(first);
    expect(render(stateOf(episode)).pixels).toEqual(first);
  });
});

describe('the renderer', () => {
  it('hides what is behind, in whatever order the bodies come', () => {
    const behind = boxBody('behind', RED, [0.2, 0.01, 0.2]);
    const inFront = boxBody('in front', BLUE, [0.1, 0.01, 0.1]);
    const positions = { behind: [0, 0.1, 0], 'in front': [0, -0.1, 0] };
    for (const bodies of [
      [behind, inFront],
      [inFront, behind],
    ]) {
      const poses = posesAt(...bodies.map(({ name }) => positions[name as keyof typeof positions]));
      const picture = Picture.of(stillScene(bodies), poses, SIZE);
      expect(isBlue(picture.at(64, 64))).toBe(true);
      expect(isRed(picture.at(64 - 20, 64))).toBe(true);
      expect(picture.at(2, 2)).toEqual(BACKGROUND);
    }
  });

  it('draws in any aspect ratio without stretching', () => {
    const size = { width: 200, height: 100 };
    const square = stillScene([boxBody('square', RED, [0.2, 0, 0.2])]);
    const picture = Picture.of(square, posesAt([0, 0, 0]), size);
    const isSquare = (column: number, row: number) => isRed(picture.at(column, row));
    const columns = Array.from({ length: 200 }, (_, column) => column).filter((column) =>
      isSquare(column, 50),
    );
    const rows = Array.from({ length: 100 }, (_, row) => row).filter((row) => isSquare(100, row));
    expect(columns).toEqual(Array.from({ length: 40 }, (_, i) => 80 + i));
    expect(rows).toEqual(Array.from({ length: 40 }, (_, i) => 30 + i));
  });

  it('agrees with a pinhole camera', () => {
    const camera = { eye: [0.6, 0.7, 0.6], target: [0, 0, 0.35], verticalFovRadians: 1 };
    const size = { width: 160, height: 120 };
    const point = [0.1, -0.2, 0.1];
    const picture = Picture.of(
      stillScene([boxBody('dot', RED, [0.015, 0.015, 0.015])], camera),
      posesAt(point),
      size,
    );
    const [column, row] = project(point, camera, size);
    let [count, columns, rows] = [0, 0, 0];
    for (let y = 0; y < size.height; y++) {
      for (let x = 0; x < size.width; x++) {
        if (!isRed(picture.at(x, y))) continue;
        count++;
        columns += x + 0.5;
        rows += y + 0.5;
      }
    }
    expect(count).toBeGreaterThan(3);
    expect(Math.abs(columns / count - column)).toBeLessThan(0.7);
    expect(Math.abs(rows / count - row)).toBeLessThan(0.7);
  });

  it('smooths edges: a pixel that is half covered lies between the two colours', () => {
    const half = 0.5 / SIZE.height;
    const edge = stillScene([boxBody('left', 0x000000, [0.25, 0, 0.4])]);
    const picture = Picture.of(edge, posesAt([half - 0.25, 0, 0]), SIZE);
    const [inside, on, outside] = [62, 64, 66].map((column) => sum(picture.at(column, 64)));
    expect(outside).toBe(sum(BACKGROUND));
    expect(on).toBeGreaterThan(inside + 100);
    expect(on).toBeLessThan(outside - 100);
  });

  it.each([true, false])('draws walls that pass the camera on both sides (fixed: %s)', (fixed) => {
    const walls = [
      boxBody('left', RED, [0.01, 5, 5], { fixed }),
      boxBody('right', BLUE, [0.01, 5, 5], { fixed }),
    ];
    const renderer = createFrameRenderer(stillScene(walls), SIZE);
    const poses = posesAt([-0.05, 0, 0], [0.05, 0, 0]);
    renderer.render(poses);
    const pixels = renderer.render(poses);
    for (let row = 0; row < SIZE.height; row++) {
      for (const column of [0, 20, 40, 87, 107, 127]) {
        const at = 4 * (row * SIZE.width + column);
        const pixel = Array.from(pixels.subarray(at, at + 3));
        expect(column < 64 ? isRed(pixel) : isBlue(pixel)).toBe(true);
        expect(pixels[at + 3]).toBe(255);
      }
    }
  });

  it('leaves out what is behind the camera', () => {
    const picture = Picture.of(stillScene([boxBody('box', RED, [0.1, 0.1, 0.1])]), posesAt([0, -2, 0]), SIZE);
    for (let column = 0; column < SIZE.width; column++) expect(picture.at(column, 64)).toEqual(BACKGROUND);
  });

  it('mixes translucent bodies with what is behind them, and only in front of it', () => {
    const bodies = [
      boxBody('solid', RED, [0.2, 0.01, 0.2]),
      boxBody('glass', GREEN, [0.1, 0.01, 0.1], { opacity: 0.5 }),
    ];
    const pixelAt = (y: number) =>
      Picture.of(stillScene(bodies), posesAt([0, 0, 0], [0, y, 0]), SIZE).at(64, 64);
    const solid = Picture.of(stillScene(bodies.slice(0, 1)), posesAt([0, 0, 0]), SIZE).at(64, 64);
    const glass = Picture.of(
      stillScene([boxBody('g', GREEN, [0.1, 0.01, 0.1])]),
      posesAt([0, -0.1, 0]),
      SIZE,
    ).at(64, 64);
    const mixed = pixelAt(-0.1);
    for (let i = 0; i < 3; i++) expect(Math.abs(mixed[i] - (solid[i] + glass[i]) / 2)).toBeLessThanOrEqual(1);
    expect(pixelAt(0.1)).toEqual(solid);
  });
});

describe('shadows', () => {
  const camera = { eye: [0, 1, 1], target: [0, 0, 0], verticalFovRadians: 0.9 };
  const table = boxBody('table', 0x888888, [0.6, 0.6, 0.01], { fixed: true });
  const cube = boxBody('cube', RED, [0.03, 0.03, 0.03]);
  const renderer = createFrameRenderer(stillScene([table, cube], camera), SIZE);
  const render = (cubePosition: number[]) => renderer.render(posesAt([0, 0, -0.01], cubePosition)).slice();
  const empty = render([0, 0, -5]);

  it('fall from a raised cube on the table, soft at the edge, and go with it', () => {
    const pixels = render([0, 0, 0.15]);
    const ratios: number[] = [];
    for (let at = 0; at < pixels.length; at += 4) {
      const [red, green] = [pixels[at], pixels[at + 1]];
      if (red <= 1.2 * green) ratios.push(green / empty[at + 1]);
    }
    expect(Math.max(...ratios)).toBe(1);
    expect(ratios.filter((ratio) => ratio < 0.75).length).toBeGreaterThan(20);
    expect(ratios.filter((ratio) => ratio > 0.75 && ratio < 0.98).length).toBeGreaterThan(20);
    expect(render([0, 0, -5])).toEqual(empty);
  });

  it('begin where a cube stands on the table', () => {
    const pixels = render([0, 0, 0.03]);
    const [column, row] = project([-0.037, 0, 0], camera, SIZE).map(Math.floor);
    const green = 4 * (row * SIZE.width + column) + 1;
    expect(pixels[green]).toBeLessThan(0.75 * empty[green]);
  });

  it('are not cast by translucent bodies', () => {
    const ghost = boxBody('ghost', RED, [0.03, 0.03, 0.03], { opacity: 0.001 });
    const scene = stillScene([table, ghost], camera);
    expect(Picture.of(scene, posesAt([0, 0, -0.01], [0, 0, 0.15]), SIZE).pixels).toEqual(empty);
  });
});
