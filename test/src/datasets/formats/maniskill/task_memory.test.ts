import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeEnvironment } from '../../../../../envs/registry.js';
import { ManiSkillDataset } from '../../../../../src/datasets/formats/maniskill/reader.js';
import { ManiSkillWriter } from '../../../../../src/datasets/formats/maniskill/writer.js';
import { datasetInfo } from '../../../../../src/datasets/info.js';
import { recordEpisode } from '../../../../../src/demonstrations/record_episode.js';
import { RecordedStates } from '../../../../../src/replay/recorded_states.js';
import { folderOfTests } from '../../../../temporary_folder.js';

const folder = folderOfTests();
const OPTIONS = { controlMode: 'pd_joint_delta_pos', rewardMode: 'dense' } as const;

test("a task's memory is recorded beside the groups that ManiSkill reads, and comes back", async () => {
  const path = join(folder, 'rolled.h5');
  const environment = await makeEnvironment('RollBall-v1', OPTIONS);
  const trajectory = recordEpisode(environment, (_, action) => action.fill(0.5), { episodeId: 0, seed: 1 });
  trajectory.envStates!.memory!.reached.fill(1, 40);
  const writer = await ManiSkillWriter.create(path, {
    envId: 'RollBall-v1',
    ...OPTIONS,
    maxEpisodeSteps: 80,
    simBackend: 'rapier',
    sourceType: 'scripted',
    sourceDescription: '',
    generator: {},
  });
  writer.append(trajectory);
  await writer.finish();

  const dataset = await ManiSkillDataset.open(path);
  const [episode] = dataset.record.episodes;
  const names = [...(await datasetInfo(path)).columns.keys()];
  expect(names.filter((name) => name.startsWith('env_states/'))).toEqual([
    'env_states/actors/ball',
    'env_states/actors/goal_region',
    'env_states/actors/table-workspace',
    'env_states/articulations/panda',
    'env_states/memory/reached',
  ]);
  const states = new RecordedStates(dataset.readEnvStates(episode)!, trajectory.length + 1, path);
  dataset.close();
  const reached = [39, 40].map((step) => {
    states.apply(environment, step);
    return environment.evaluate().rewardTerms.reached;
  });
  environment.close();
  expect(reached).toEqual([0, 1]);
});
