import type { ObservationKind, ObservationPart } from '../env.js';
import { ROBOT_JOINTS } from '../panda/model.js';
import type { Part, TaskDefinition, TaskWorld } from './task.js';

/** A part, as it is laid out. */
interface PlacedPart {
  readonly name: string;
  readonly part: Part<TaskWorld>;
  readonly offset: number;
  readonly size: number;
}

const ROBOT_PARTS: readonly ObservationPart[] = [
  { name: 'agent.qpos', kind: 'joint_positions', offset: 0, size: ROBOT_JOINTS },
  { name: 'agent.qvel', kind: 'joint_velocities', offset: ROBOT_JOINTS, size: ROBOT_JOINTS },
];
/** ManiSkill's name for what a task adds. */
const TASK_PREFIX = 'extra.';

/** The layout of a task's observations, and their values. */
export class ObservationWriter {
  readonly layout: readonly ObservationPart[];
  readonly dim: number;
  private readonly parts: readonly PlacedPart[];

  constructor(private readonly task: TaskDefinition) {
    let offset = 2 * ROBOT_JOINTS;
    this.parts = Object.entries(task.observation).map(([name, part]) => {
      const placed = { name, part, offset, size: sizeOf(task.id, name, part) };
      offset += placed.size;
      return placed;
    });
    this.dim = offset;
    this.layout = [
      ...ROBOT_PARTS,
      ...this.parts.map(({ name, part, offset: at, size }) => ({
        name: `${TASK_PREFIX}${name}`,
        kind: kindOf(part),
        ...(part.kind === 'pose' && part.symmetry && { symmetry: part.symmetry }),
        offset: at,
        size,
      })),
    ];
  }

  /** Writes the observation of `world` to `out` [dim]. Throws, naming the part, if one is too wide, narrow or no number. */
  write(world: TaskWorld, out: Float32Array): void {
    out.set(world.robot.qpos, 0);
    out.set(world.robot.qvel, ROBOT_JOINTS);
    for (const placed of this.parts) this.writePart(placed, world, out);
    let sum = 0;
    for (let i = 0; i < this.dim; i++) sum += out[i];
    if (!Number.isFinite(sum)) this.refuseNaN(out);
  }

  /** Views of the task's parts in an observation, by their names in the task. */
  views(observation: Float32Array): Record<string, Float32Array> {
    return Object.fromEntries(
      this.parts.map(({ name, offset, size }) => [name, observation.subarray(offset, offset + size)]),
    );
  }

  private writePart({ name, part, offset, size }: PlacedPart, world: TaskWorld, out: Float32Array): void {
    switch (part.kind) {
      case 'scalar':
        out[offset] = Number(part.of(world));
        return;
      case 'way': {
        const from = part.from(world);
        const to = part.to(world);
        if (from.length !== size) this.refuseWidth(name, from.length, size);
        if (to.length !== size) this.refuseWidth(name, to.length, size);
        for (let i = 0; i < size; i++) out[offset + i] = to[i] - from[i];
        return;
      }
      default: {
        const values = part.of(world);
        if (values.length !== size) this.refuseWidth(name, values.length, size);
        for (let i = 0; i < size; i++) out[offset + i] = values[i];
      }
    }
  }

  private refuseWidth(name: string, width: number, size: number): never {
    const { kind } = this.task.observation[name];
    throw new Error(
      `${this.task.id}: ${width} values for the part "${name}" of the observation; ${kind} has ${size}`,
    );
  }

  private refuseNaN(out: Float32Array): void {
    const wrong = out.findIndex((value) => !Number.isFinite(value));
    if (wrong < 0) return;
    const { name, offset } = this.layout.findLast((part) => part.offset <= wrong)!;
    throw new Error(`${this.task.id}: ${name}[${wrong - offset}] of the observation is ${out[wrong]}`);
  }
}

function kindOf(part: Part<TaskWorld>): ObservationKind {
  switch (part.kind) {
    case 'scalars':
      return 'scalar';
    case 'way':
      return 'direction';
    default:
      return part.kind;
  }
}

function sizeOf(id: string, name: string, part: Part<TaskWorld>): number {
  switch (part.kind) {
    case 'scalar':
      return 1;
    case 'position':
    case 'direction':
    case 'way':
      return 3;
    case 'pose':
      return 7;
    case 'scalars':
      if (Number.isInteger(part.size) && part.size > 0) return part.size;
      throw new Error(
        `${id}: the part "${name}" of the observation has size ${part.size}; it must be 1 or more`,
      );
  }
}
