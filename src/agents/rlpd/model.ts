import type { Stage } from '../../compile/stage.js';
import { initialiseParameters } from '../../nn/packing.js';
import { asGroup, type NamedShapes, sizeOf } from '../../nn/parameters.js';
import type { RandomStream } from '../../rng.js';
import { actionGradientStage, actorStage, policyActionStage } from './actor_stages.js';
import { criticStage, targetStage } from './critic_stages.js';
import { type Actor, type Critic, makeActor, makeCritic } from './networks.js';
import type { RlpdOptions } from './options.js';
import { actStage, cloneStage, policyStage } from './policy_stages.js';
import { TEMPERATURE_SHAPES } from './temperature.js';

/** The stages of RLPD. Those of a critic are shared by all critics, whose arrays they are bound to. */
export interface RlpdStages {
  target: Stage;
  critic: Stage;
  policyActions: Stage;
  actionGradient: Stage;
  actor: Stage;
  clone: Stage;
}

/** Everything about a learner that follows from its options. */
export interface RlpdModel {
  stages: RlpdStages;
  actStage(rows: number): Stage;
  /** The policy to be exported. */
  policyStage: Stage;
  /** The arrays that make up the learner's state. */
  stateShapes: NamedShapes;
  /** Fresh weights; target critics equal to their critics, moments zero. */
  initialState(stream: RandomStream): Record<string, Float32Array>;
}

export function buildRlpd(options: RlpdOptions): RlpdModel {
  const actor = makeActor(options);
  const critic = makeCritic(options);
  const critics = Array.from({ length: options.numQs }, (_, k) => k);
  const stateShapes: NamedShapes = {
    ...actorShapes(actor),
    ...Object.assign({}, ...critics.map((k) => criticShapes(critic, k))),
    ...TEMPERATURE_SHAPES,
    observationMean: [options.observationDim],
    observationScale: [options.observationDim],
  };
  return {
    stages: {
      target: targetStage(options, actor, critic),
      critic: criticStage(options, critic),
      policyActions: policyActionStage(options, actor),
      actionGradient: actionGradientStage(options, critic),
      actor: actorStage(options, actor),
      clone: cloneStage(options, actor),
    },
    actStage: (rows) => actStage(options, actor, rows),
    policyStage: policyStage(options, actor),
    stateShapes,
    initialState: (stream) => {
      const state = Object.fromEntries(
        Object.entries(stateShapes).map(([name, shape]) => [name, new Float32Array(sizeOf(shape))]),
      );
      Object.assign(state, asGroup('actor', initialiseParameters(actor.table, actor.layout, stream)));
      for (const k of critics) {
        const weights = initialiseParameters(critic.table, critic.layout, stream);
        Object.assign(state, asGroup(`critic${k}`, weights), asGroup(`target${k}`, weights));
      }
      state['logTemperature'][0] = Math.log(options.initialTemperature);
      state['observationScale'].fill(1);
      return state;
    },
  };
}

function actorShapes({ layout }: Actor): NamedShapes {
  const groups = ['actor', 'actorFirst', 'actorSecond', 'cloneFirst', 'cloneSecond'];
  return Object.assign({}, ...groups.map((group) => asGroup(group, layout.shapes)));
}

function criticShapes({ layout }: Critic, k: number): NamedShapes {
  const groups = [`critic${k}`, `criticFirst${k}`, `criticSecond${k}`, `target${k}`];
  return Object.assign({}, ...groups.map((group) => asGroup(group, layout.shapes)));
}
