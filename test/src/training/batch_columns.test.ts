import { describe, expect, it } from 'vitest';
import type { OptionalColumn } from '../../../src/buffers/columns.js';
import { ReplayBuffer } from '../../../src/buffers/replay_buffer.js';
import { loadConfig } from '../../../src/config/load.js';
import { UserError } from '../../../src/errors.js';
import { checkColumns } from '../../../src/training/batch_columns.js';

/** Demonstrations of `length` steps each, cut off. */
function demonstrations(length: number) {
  const rows = 3 * length;
  const buffer = new ReplayBuffer({ capacity: rows, numEnvs: 1, observationDim: 1, actionDim: 1 });
  const numbers = new Float32Array(rows);
  buffer.add({
    observations: numbers,
    actions: numbers,
    rewards: numbers,
    nextObservations: numbers,
    terminated: new Uint8Array(rows),
    truncated: Uint8Array.from({ length: rows }, (_, row) => Number(row % length === length - 1)),
  });
  return { buffer, summary: { path: 'data.h5' } };
}

/** A check with demonstrations of 6 steps and, if there is a horizon, experience of 4 environments. */
function check(columns: OptionalColumn[], words: readonly string[], horizon: number | null): () => void {
  const config = loadConfig('configs/iql.yml', ['env.num_envs=4', 'train.n_step=1', ...words]);
  return () => checkColumns(config, config.algo, columns, demonstrations(6), horizon);
}

describe('columns that an algorithm reads', () => {
  it('are no matter if there are none', () => {
    expect(check([], ['train.n_step=50', 'train.num_seed_steps=0'], 5)).not.toThrow();
  });

  it('are refused if the data lack them, naming algorithm, column and data', () => {
    expect(check(['nextActions'], ['train.n_step=5'], null)).not.toThrow();
    expect(check(['nextActions'], ['train.n_step=6'], null)).toThrow(
      new UserError(
        'data.h5: iql reads the column nextActions, for which a transition needs a recorded action after its last step; ' +
          'with train.n_step=6 none there has it',
      ),
    );
  });

  it('are refused if experience never has them', () => {
    expect(check(['nextActions'], ['train.n_step=5'], 5)).toThrow(
      'train.n_step=5: iql reads the column nextActions, for which a transition needs a recorded action after its last ' +
        'step, which none in episodes of 5 steps has: lower train.n_step',
    );
  });

  it('are refused if learning begins before experience has them, with the steps that it takes', () => {
    expect(check(['nextActions'], ['train.num_seed_steps=8'], 5)).not.toThrow();
    expect(check(['nextActions'], ['train.num_seed_steps=7'], 5)).toThrow(
      /set train.num_seed_steps=8 or more/,
    );
    expect(check(['returnsToGo'], ['train.num_seed_steps=20'], 5)).not.toThrow();
    expect(check(['returnsToGo'], ['train.num_seed_steps=19'], 5)).toThrow(
      'train.num_seed_steps=19: iql reads the column returnsToGo, for which a transition needs a recorded end of its ' +
        'episode, which no experience is sure to have before 20 env steps: set train.num_seed_steps=20 or more',
    );
  });

  it('are no matter in the data if the learner makes them, and need experience to be made of', () => {
    expect(check(['advantages'], ['train.num_seed_steps=4'], 5)).not.toThrow();
    expect(check(['advantages'], ['train.num_seed_steps=0'], 5)).toThrow(
      /set train.num_seed_steps=4 or more/,
    );
  });

  it('are refused if the replay buffer is so small that at times no experience in it has them', () => {
    const words = ['train.num_seed_steps=20', 'train.replay_buffer_capacity=39'];
    expect(check(['nextActions'], words, 5)).not.toThrow();
    expect(check(['returnsToGo'], words, 5)).toThrow(/set train.replay_buffer_capacity=40 or more/);
  });
});
