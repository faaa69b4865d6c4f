import { type Groups, groupSize } from '../../compile/local_arrays.js';
import type { Stage } from '../../compile/stage.js';
import { initialiseParameters } from '../../nn/packing.js';
import { asGroup, type NamedShapes, sizeOf } from '../../nn/parameters.js';
import type { RandomStream } from '../../rng.js';
import { actorGradientStage, actorOptimiserStage, cloneGradientStage, sampleStage } from './actor_stages.js';
import {
  actionGradientStage,
  criticGradientStage,
  criticOptimiserStage,
  nextValueStage,
} from './critic_stages.js';
import { makeActor, makeCritic } from './networks.js';
import { keepsAverage, type RlpdOptions } from './options.js';
import { actStage, policyStage } from './policy_stages.js';
import { policyParts } from './shapes.js';
import { TEMPERATURE_SHAPES } from './temperature.js';

/** The arrays that a critic's state is made of; critic k has them with k at the end. */
const CRITIC_GROUPS = ['critic', 'criticFirst', 'criticSecond', 'target'] as const;

/** The arrays that the actor's state is made of. */
const ACTOR_GROUPS = ['actor', 'actorFirst', 'actorSecond', 'cloneFirst', 'cloneSecond'] as const;

/** Everything about a learner that follows from its options. */
export interface RlpdModel {
  /** What training consists of. The stages of a critic serve all of them: they are bound to one in each run. */
  stages: readonly Stage[];
  actStage(rows: number): Stage;
  /** The policy to be exported. */
  policyStage: Stage;
  /** Where a part's share of the actor's gradient lies: one group for each part of a batch. */
  actorGradients: Groups;
  /** The groups that make up the actor's state. */
  actorGroups: Groups;
  /** The groups that make up critic k's state. */
  criticGroups(k: number): Groups;
  /** Where a thread keeps the gradient of the critic it is working on. */
  criticGradient: Groups;
  /** The arrays of the learner's state that lie in the threads' own memory. */
  ownShapes: NamedShapes;
  /** The arrays of the learner's state that all threads share. */
  sharedShapes: NamedShapes;
  /** Fresh weights by name; target critics equal to their critics, moments zero. */
  initialState(stream: RandomStream): Record<string, Float32Array>;
}

export function buildRlpd(options: RlpdOptions): RlpdModel {
  const actor = makeActor(options);
  const critic = makeCritic(options);
  const { observationDim, numQs } = options;
  const critics = Array.from({ length: numQs }, (_, k) => k);
  const parts = Array.from({ length: policyParts(options) }, (_, part) => part);
  const groups = (names: readonly string[], shapes: NamedShapes): Groups =>
    Object.fromEntries(names.map((name) => [name, shapes]));
  const averages = keepsAverage(options);
  const actorGroups = groups([...ACTOR_GROUPS, ...(averages ? ['averageActor'] : [])], actor.layout.shapes);
  const criticGroups = (k: number) =>
    groups(
      CRITIC_GROUPS.map((group) => `${group}${k}`),
      critic.layout.shapes,
    );
  return {
    stages: [
      sampleStage(options, actor),
      nextValueStage(options, critic),
      criticGradientStage(options, critic),
      criticOptimiserStage(options, critic),
      actionGradientStage(options, critic),
      actorGradientStage(options, actor),
      actorOptimiserStage(options, actor),
      cloneGradientStage(options, actor),
    ],
    actStage: (rows) => actStage(options, actor, rows),
    policyStage: policyStage(options, actor),
    actorGradients: groups(
      parts.map((part) => `actorGradient${part}`),
      actor.layout.shapes,
    ),
    actorGroups,
    criticGroups,
    criticGradient: groups(['criticGradient'], critic.layout.shapes),
    ownShapes: arraysOf(Object.assign({}, actorGroups, ...critics.map(criticGroups))),
    sharedShapes: {
      ...TEMPERATURE_SHAPES,
      observationMean: [observationDim],
      observationScale: [observationDim],
    },
    initialState: (stream) => {
      const policy = initialiseParameters(actor.table, actor.layout, stream);
      const state: Record<string, Float32Array> = {
        ...asGroup('actor', policy),
        ...(averages ? asGroup('averageActor', policy) : {}),
        logTemperature: Float32Array.of(Math.log(options.initialTemperature)),
        observationScale: new Float32Array(observationDim).fill(1),
      };
      for (const k of critics) {
        const weights = initialiseParameters(critic.table, critic.layout, stream);
        Object.assign(state, asGroup(`critic${k}`, weights), asGroup(`target${k}`, weights));
      }
      return state;
    },
  };
}

/** The arrays of these groups by their full names. */
function arraysOf(groups: Groups): NamedShapes {
  return Object.assign({}, ...Object.entries(groups).map(([group, shapes]) => asGroup(group, shapes)));
}

/** How many numbers each group holds. */
export function groupSizes(groups: Groups): Record<string, number> {
  return Object.fromEntries(Object.entries(groups).map(([group, shapes]) => [group, groupSize(shapes)]));
}

/** How many numbers each array holds. */
export function arraySizes(shapes: NamedShapes): Record<string, number> {
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, sizeOf(shape)]));
}
