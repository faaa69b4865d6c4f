import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { File, type Group } from 'h5wasm/node';
import { expect, test } from 'vitest';
import { ManiSkillWriter } from '../../../../../src/datasets/formats/maniskill/writer.js';
import { datasetInfo } from '../../../../../src/datasets/info.js';
import { verifyDataset } from '../../../../../src/datasets/registry.js';
import { isBad, problemsOf } from '../../../../../src/datasets/verification.js';
import { UserError } from '../../../../../src/errors.js';
import { RandomStream } from '../../../../../src/rng.js';
import { loadFromPath } from '../../../../../src/training/dataset/load_from_path.js';
import { folderOfTests } from '../../../../temporary_folder.js';

const folder = folderOfTests();

/** Unknown here, so that its arrays may be small. */
const TASK = 'Smallest-v1';

/** Two episodes of three steps, so that most bytes of the file are HDF5's own: nothing in them has a checksum. */
async function writeSmallDataset(name: string): Promise<string> {
  const path = join(folder, `${name}.h5`);
  const writer = await ManiSkillWriter.create(path, {
    envId: TASK,
    controlMode: 'pd_joint_delta_pos',
    rewardMode: 'sparse',
    maxEpisodeSteps: 3,
    simBackend: 'rapier',
    sourceType: 'scripted',
    sourceDescription: 'a test',
    generator: {},
  });
  for (const episodeId of [0, 1]) {
    writer.append({
      episodeId,
      seed: episodeId,
      length: 3,
      observations: new Float32Array(4 * 5).fill(0.5),
      actions: new Float32Array(3 * 2).fill(0.5),
      rewards: new Float32Array(3),
      terminated: Uint8Array.of(0, 0, 1),
      truncated: Uint8Array.of(0, 0, 1),
      success: Uint8Array.of(0, 0, 1),
      envStates: {
        actors: { cube: new Float32Array(4 * 13) },
        articulations: { panda: new Float32Array(4 * 31) },
      },
    });
  }
  await writer.finish();
  return path;
}

/** Cuts the file short, or changes 1, 4 or 32 of its bytes. */
function damaged(bytes: Buffer, seed: number): Buffer {
  const random = new RandomStream(seed);
  if (seed % 4 === 0) return bytes.subarray(0, random.integer(bytes.length));
  const copy = Buffer.from(bytes);
  for (let i = 0; i < [1, 4, 32][(seed % 4) - 1]; i++)
    copy[random.integer(bytes.length)] = random.integer(256);
  return copy;
}

function train(path: string) {
  return loadFromPath(path, {
    task: { envId: TASK, controlMode: 'pd_joint_delta_pos', observationDim: 5, actionDim: 2 },
    rewardMode: 'sparse',
    numDemos: null,
    shuffle: false,
    skipFailed: true,
    judgedBy: 'success_at_end',
    topShare: 1,
    dataActionScale: null,
    seed: 0,
  });
}

test('whatever is damaged in a file, it is a UserError that names it, or it can be read', async () => {
  const sound = await writeSmallDataset('small');
  const bytes = await readFile(sound);
  const counts: Record<string, number> = {};
  for (let seed = 0; seed < 300; seed++) {
    // HDF5 keeps files that failed half-way open: a name that is used again would show the old content.
    const path = join(folder, `damaged_${seed}.h5`);
    await writeFile(path, damaged(bytes, seed));
    await copyFile(sound.replace(/h5$/, 'json'), path.replace(/h5$/, 'json'));
    for (const use of [datasetInfo, verifyDataset, train]) {
      const error = await use(path).then(
        (found) =>
          'fileProblems' in found && isBad(found) ? new UserError(`${path}: ${problemsOf(found)}`) : null,
        (thrown: unknown) => thrown,
      );
      const result = `${use.name} ${error === null ? 'reads' : 'refuses'}`;
      counts[result] = (counts[result] ?? 0) + 1;
      if (error === null) continue;
      expect(error, `seed ${seed}, ${use.name}`).toBeInstanceOf(UserError);
      expect((error as Error).message).toContain(path);
      expect((error as Error).message).not.toMatch(/undefined|NaN|HDF5-DIAG/);
    }
  }
  for (const use of [datasetInfo, verifyDataset, train]) {
    expect(counts[`${use.name} reads`]).toBeGreaterThan(50);
    expect(counts[`${use.name} refuses`]).toBeGreaterThan(50);
  }
  expect((await verifyDataset(sound)).episodeProblems.size).toBe(0);
});

test('a group that holds itself does not keep the reader for ever', async () => {
  const path = await writeSmallDataset('loop');
  const file = new File(path, 'a');
  (file.get('traj_0') as Group).create_hard_link('traj_0', 'itself');
  file.close();
  for (const use of [datasetInfo, verifyDataset]) {
    const { episodeProblems } = await use(path);
    expect([...episodeProblems]).toEqual([
      ['traj_0', ['traj_0 holds itself, or far too much: damaged file?']],
    ]);
  }
});

test('an array that claims terabytes is refused', async () => {
  const path = await writeSmallDataset('vast');
  const file = new File(path, 'a');
  const data = new Float32Array(8);
  const options = { data, shape: [4, 2], maxshape: [null, null], chunks: [4, 2] };
  const actors = file.get('traj_0/env_states/actors') as Group;
  actors.create_dataset({ name: 'vast', ...options }).resize([2 ** 20, 2 ** 20]);
  file.close();
  expect((await verifyDataset(path)).episodeProblems.get('traj_0')).toEqual([
    "traj_0/env_states/actors/vast can't be read: its shape [1048576, 1048576] means 4398046511104 bytes, at most 2147483648 are possible",
  ]);
});
