import type { Geometry } from '../scene.js';
import type { BodyDescription } from './description.js';
import { cross, dot } from './vectors.js';

/** Smallest volume, m³, of a tetrahedron between four vertices of a hull that is not flat. */
const MIN_VOLUME = 1e-12;

/** Throws, naming the body and the value, if no such body can be built. */
export function checkBody(name: string, body: BodyDescription): void {
  const refuse = (what: string, value: unknown, right: string): never => {
    throw new Error(`body "${name}" can't be built: ${what} is ${value}; it must be ${right}`);
  };
  for (const property of ['friction', 'restitution', 'linearDamping', 'angularDamping'] as const) {
    if (!(body[property] >= 0 && Number.isFinite(body[property])))
      refuse(property, body[property], '0 or more');
  }
  if (body.mass !== null && !isPositive(body.mass)) refuse('mass', body.mass, 'above 0');
  if (body.motion === 'dynamic' && !body.parts.some(({ collides }) => collides)) {
    refuse('the number of parts that collide', 0, '1 or more, as it moves freely');
  }
  body.parts.forEach(({ geometry, pose, density }, i) => {
    const here = `of part ${i} (${geometry.kind})`;
    for (const [what, value] of Object.entries(lengthsOf(geometry))) {
      if (!isPositive(value)) refuse(`${what} ${here}`, value, 'above 0');
    }
    if (geometry.kind === 'hull')
      checkHull(geometry.vertices, (value, right) => refuse(`vertices ${here}`, value, right));
    if (pose.length !== 7 || !pose.every(Number.isFinite))
      refuse(`pose ${here}`, `[${pose}]`, '7 finite numbers');
    const turn = Math.hypot(...pose.slice(3));
    if (Math.abs(turn - 1) > 1e-3) refuse(`the length of the quaternion ${here}`, turn, '1');
    if (body.motion === 'dynamic' && !isPositive(density)) refuse(`density ${here}`, density, 'above 0');
  });
}

function isPositive(value: number): boolean {
  return value > 0 && Number.isFinite(value);
}

/** The lengths of a geometry, by name. */
function lengthsOf(geometry: Geometry): Record<string, number> {
  switch (geometry.kind) {
    case 'box': {
      const [x, y, z] = geometry.halfSize;
      return { 'halfSize[0]': x, 'halfSize[1]': y, 'halfSize[2]': z };
    }
    case 'sphere':
      return { radius: geometry.radius };
    case 'cylinder':
    case 'capsule':
      return { radius: geometry.radius, halfLength: geometry.halfLength };
    case 'hull':
      return {};
  }
}

function checkHull(vertices: readonly number[], refuse: (value: unknown, right: string) => never): void {
  const wrong = vertices.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) refuse(`${vertices[wrong]} at ${wrong}`, 'finite');
  if (vertices.length % 3 !== 0) refuse(`${vertices.length} numbers`, 'three for each point');
  if (!isSolid(vertices)) refuse(`${vertices.length / 3} points in a plane`, '4 or more that are not');
}

/** True if four of the points span a volume: the first, the one furthest from it, and the two that then span most. */
function isSolid(vertices: readonly number[]): boolean {
  const points = Array.from({ length: vertices.length / 3 }, (_, i) => vertices.slice(3 * i, 3 * i + 3));
  if (points.length < 4) return false;
  const edges = points.map((point) => point.map((value, axis) => value - points[0][axis]));
  const first = largest(edges, (edge) => Math.hypot(...edge));
  const second = largest(edges, (edge) => Math.hypot(...cross(first, edge)));
  const normal = cross(first, second);
  const third = largest(edges, (edge) => Math.abs(dot(normal, edge)));
  return Math.abs(dot(normal, third)) > MIN_VOLUME;
}

function largest(edges: readonly number[][], size: (edge: number[]) => number): number[] {
  return edges.reduce((best, edge) => (size(edge) > size(best) ? edge : best));
}
