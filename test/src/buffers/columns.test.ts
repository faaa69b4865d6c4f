import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COLUMN_NAMES, isOptional, type OptionalColumn } from '../../../src/buffers/columns.js';
import { ReplayBuffer } from '../../../src/buffers/replay_buffer.js';
import { SymmetricSampler } from '../../../src/buffers/symmetric_sampler.js';
import { allocateBatches } from '../../../src/buffers/transitions.js';

const GAMMA = 0.5;
const BOTH: OptionalColumn[] = ['nextActions', 'returnsToGo'];

/** The steps of one environment, a letter each: `-` goes on, `T` terminates, `C` is cut off. Step t acts t + 1 and earns 2ᵗ. */
type Steps = string;

/** A buffer of environments side by side; environment i acts and earns 100·i more. */
function bufferOf(environments: readonly Steps[], capacity = 100): ReplayBuffer {
  const numEnvs = environments.length;
  const buffer = new ReplayBuffer({ capacity, numEnvs, observationDim: 1, actionDim: 2 });
  for (let t = 0; t < environments[0].length; t++) {
    const flags = (letter: string) => Uint8Array.from(environments, (steps) => Number(steps[t] === letter));
    buffer.add({
      observations: new Float32Array(numEnvs),
      actions: Float32Array.from(environments.flatMap((_, i) => [100 * i + t + 1, -(100 * i + t + 1)])),
      rewards: Float32Array.from(environments, (_, i) => 100 * i + 2 ** t),
      nextObservations: new Float32Array(numEnvs),
      terminated: flags('T'),
      truncated: flags('C'),
    });
  }
  return buffer;
}

/** The first number of the next action in each row; null where it is not known. */
function nextActions(buffer: ReplayBuffer, nSteps = 1): (number | null)[] {
  return columnOf(buffer, 'nextActions', nSteps).map((pair) => {
    if (pair) expect(pair[1]).toBeCloseTo(-pair[0]);
    return pair?.[0] ?? null;
  });
}

function returnsToGo(buffer: ReplayBuffer, nSteps = 1): (number | null)[] {
  return columnOf(buffer, 'returnsToGo', nSteps).map((numbers) => numbers?.[0] ?? null);
}

function columnOf(buffer: ReplayBuffer, name: OptionalColumn, nSteps: number): (number[] | null)[] {
  const rows = Int32Array.from({ length: buffer.size }, (_, row) => row);
  const out = allocateBatches(1, buffer.size, 0, 1, 2, [name]);
  out[name]!.fill(7);
  buffer.copyInto(out, 0, rows, nSteps, GAMMA);
  const width = out[name]!.length / buffer.size;
  return Array.from(rows, (row) =>
    buffer.isKnown([name], row, nSteps) ? [...out[name]!.subarray(row * width, (row + 1) * width)] : null,
  );
}

describe('intended actions', () => {
  const others = Float32Array.from({ length: 200 }, (_, i) => -i);

  it('are those that were done where nothing else is known', () => {
    expect(columnOf(bufferOf(['--T-']), 'intendedActions', 2)).toEqual([
      [1, -1],
      [2, -2],
      [3, -3],
      [4, -4],
    ]);
  });

  it('are those of the first of n steps, and must be given for all rows', () => {
    const buffer = bufferOf(['--T-']);
    buffer.setIntendedActions(others);
    expect(columnOf(buffer, 'intendedActions', 2)).toEqual([
      [-0, -1],
      [-2, -3],
      [-4, -5],
      [-6, -7],
    ]);
    expect(() => buffer.setIntendedActions(others.subarray(2))).toThrow(
      'intendedActions has 198 values; expected 200',
    );
  });
});

describe('next actions', () => {
  it('are those of the next row of the same episode, zeros after a termination, and missing where it was cut off', () => {
    expect(nextActions(bufferOf(['--T-C--']))).toEqual([2, 3, 0, 5, null, 7, null]);
  });

  it('of several environments are each the environment’s own', () => {
    expect(nextActions(bufferOf(['--C', '-T-']))).toEqual([2, 102, 3, 0, null, null]);
  });

  it('over n steps are those recorded in the observation n steps later', () => {
    expect(nextActions(bufferOf(['----T']), 3)).toEqual([4, 5, 0, 0, 0]);
    expect(nextActions(bufferOf(['----C']), 3)).toEqual([4, 5, null, null, null]);
    expect(nextActions(bufferOf(['-----']), 3)).toEqual([4, 5, null, null, null]);
  });

  it('go on over the end of a full ring, up to its newest step', () => {
    // Steps 2 to 5 are left, in rows 2, 3, 0 and 1.
    expect(nextActions(bufferOf(['------'], 4))).toEqual([6, null, 4, 5]);
  });
});

describe('returns to go', () => {
  it('are the discounted sums to the end of the episode, also of one that was cut off', () => {
    // Rewards 1, 2, 4 | 8, 16 | 32, 64, of which the last episode still goes on.
    expect(returnsToGo(bufferOf(['--T-C--']))).toEqual([3, 4, 4, 16, 16, null, null]);
  });

  it('do not depend on n', () => {
    expect(returnsToGo(bufferOf(['--T-C--']), 3)).toEqual(returnsToGo(bufferOf(['--T-C--'])));
  });

  it('of several environments are each the environment’s own', () => {
    expect(returnsToGo(bufferOf(['--C', '-T-']))).toEqual([3, 152, 4, 102, 4, null]);
  });

  it('go on over the end of a full ring', () => {
    // Rewards 4, 8, 16, 32 are left, in rows 2, 3, 0 and 1.
    expect(returnsToGo(bufferOf(['-----T'], 4))).toEqual([32, 32, 16, 24]);
    expect(returnsToGo(bufferOf(['---T--'], 4))).toEqual([null, null, 8, 8]);
  });
});

describe('columns that a learner makes', () => {
  const advantages = (buffer: ReplayBuffer) =>
    columnOf(buffer, 'advantages', 1).map((numbers) => numbers?.[0] ?? null);

  it('are not known before, nor for rows that came later or were overwritten', () => {
    const buffer = bufferOf(['--T'], 4);
    expect(advantages(buffer)).toEqual([null, null, null]);
    buffer.keep({ advantages: Float32Array.of(0.5, -1, 2) });
    expect(advantages(buffer)).toEqual([0.5, -1, 2]);
    const step = {
      observations: new Float32Array(1),
      actions: new Float32Array(2),
      rewards: new Float32Array(1),
      nextObservations: new Float32Array(1),
      terminated: new Uint8Array(1),
      truncated: new Uint8Array(1),
    };
    buffer.add(step);
    expect(advantages(buffer)).toEqual([0.5, -1, 2, null]);
    buffer.add(step);
    expect(advantages(buffer)).toEqual([null, -1, 2, null]);
  });

  it('come back with a saved state', () => {
    const buffer = bufferOf(['--T'], 4);
    buffer.keep({ advantages: Float32Array.of(0.5, -1, 2) });
    const other = bufferOf(['-'], 4);
    other.setState(buffer.getState());
    expect(advantages(other)).toEqual([0.5, -1, 2]);
  });

  it('are refused for rows that there are not', () => {
    expect(() => bufferOf(['--T']).keep({ advantages: new Float32Array(4) })).toThrow(
      'advantages has 4 values for 3 rows',
    );
  });

  it('can be made from the newest row to the oldest, so that what follows is there', () => {
    for (const buffer of [
      bufferOf(['--T-C', '-C---']),
      bufferOf(['------'], 4),
      bufferOf(['-T--', '----'], 6),
    ]) {
      const order = [...buffer.newestFirst()];
      expect(order.toSorted((a, b) => a - b)).toEqual(order.map((_, row) => row));
      order.forEach((row, i) => {
        const next = buffer.following(row);
        if (next >= 0) expect(order.indexOf(next)).toBeLessThan(i);
      });
    }
  });
});

describe('a sampler', () => {
  const OPTIONS = { online: null, discount: GAMMA, nSteps: 1, augmentation: null, seed: 4 };

  function drawn(steps: Steps, columns: readonly OptionalColumn[], nSteps = 1) {
    const batches = allocateBatches(2, 64, 64, 1, 2, columns);
    const sampler = new SymmetricSampler({ ...OPTIONS, nSteps, demos: bufferOf([steps]) });
    sampler.fill(batches);
    return { batches, state: sampler.getState() };
  }

  it('leaves out transitions for which a column of the batches is not known, and draws the others alike', () => {
    const { batches } = drawn('--T-C--', BOTH);
    const actions = Array.from({ length: 128 }, (_, i) => batches.actions[2 * i]);
    // Steps 5, cut off, and 6 and 7, which go on, lack a column.
    expect([...new Set(actions)].sort()).toEqual([1, 2, 3, 4]);
    const nextOf = [0, 2, 3, 0, 5];
    actions.forEach((action, i) => {
      expect(batches.nextActions![2 * i]).toBe(nextOf[action]);
      expect(batches.returnsToGo![i]).toBe([0, 3, 4, 4, 16][action]);
    });
  });

  it('draws the same rows with the same random numbers if nothing is left out', () => {
    const [plain, wide] = [drawn('--T-T', []), drawn('--T-T', BOTH)];
    expect(wide.state).toEqual(plain.state);
    expect(wide.batches).toMatchObject(plain.batches);
    expect(Object.keys(plain.batches)).not.toContain('nextActions');
  });

  it('names the data and the column if no transition has it', () => {
    expect(() => drawn('----C', ['nextActions'], 5)).toThrow(
      'no transition of demonstrations has nextActions (a recorded action after its last step) yet',
    );
    expect(() => drawn('----C', ['advantages'])).toThrow(
      'no transition of demonstrations has advantages (a refresh by the learner since it was recorded) yet',
    );
    expect(() => drawn('-----', ['returnsToGo'])).toThrow(
      'no transition of demonstrations has returnsToGo (a recorded end of its episode) yet',
    );
  });
});

it('each column has a line in docs/declaring_algorithms.md, with what not all batches have marked', () => {
  const lines = readFileSync('docs/declaring_algorithms.md', 'utf8').split('\n');
  for (const name of COLUMN_NAMES) {
    const line = lines.find((text) => text.startsWith(`| \`${name}\``));
    expect(line, name).toBeDefined();
    expect(line!.includes('if read'), name).toBe(isOptional(name));
  }
});
