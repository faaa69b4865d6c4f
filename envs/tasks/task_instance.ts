import { Actor } from '../bodies/actor.js';
import { checkBody } from '../bodies/check.js';
import type { RandomStream } from '../random.js';
import { checkBodyNames, type Task } from './define_task.js';
import type { Numbers } from './task.js';

const NO_GEOMETRY: Numbers = {};

/** The bodies, geometry and memory of a task in one environment. */
export class TaskInstance {
  readonly bodies: Readonly<Record<string, Actor>>;
  /** The bodies that have a row in every state, in ManiSkill's order. */
  readonly actors: readonly Actor[];
  readonly memory: Numbers;
  readonly geometry: Numbers;

  /** Begins with the first geometry of `random`. Throws, naming body and value, if a body can't be built. */
  constructor(
    readonly task: Task,
    random: RandomStream,
  ) {
    this.geometry = Object.seal({ ...this.draw(random) });
    this.memory = Object.seal({ ...task.memory });
    const described = task.bodies(this.geometry);
    checkBodyNames(task, Object.keys(described));
    this.bodies = Object.fromEntries(
      Object.entries(described).map(([name, description]) => [name, new Actor(name, description)]),
    );
    this.actors = Object.values(this.bodies).filter(({ motion }) => motion !== 'static');
  }

  /** Draws the geometry of an episode and forgets what was remembered. */
  restart(random: RandomStream): void {
    this.shape(this.draw(random));
    Object.assign(this.memory, this.task.memory);
  }

  /** Gives the bodies the shapes of `geometry`, if theirs differ. Changes nothing if one can't be built. */
  shape(geometry: Numbers): void {
    if (isSame(geometry, this.geometry)) return;
    const described = Object.entries(this.task.bodies(geometry));
    for (const [name, description] of described) {
      if (this.bodies[name]?.motion !== description.motion) {
        throw new Error(`task ${this.task.id}: body "${name}" is another one with another geometry`);
      }
      checkBody(name, description);
    }
    for (const [name, description] of described) this.bodies[name].describe(description);
    Object.assign(this.geometry, geometry);
  }

  private draw(random: RandomStream): Numbers {
    const { geometry } = this.task;
    if (!geometry) return NO_GEOMETRY;
    return inFilePrecision(geometry.draw(random));
  }
}

/** A geometry in the precision of files, so that it is the same when it is read back from one. */
export function inFilePrecision(geometry: Numbers): Numbers {
  return Object.fromEntries(Object.entries(geometry).map(([name, value]) => [name, Math.fround(value)]));
}

function isSame(a: Numbers, b: Numbers): boolean {
  for (const name in a) if (a[name] !== b[name]) return false;
  return true;
}
