import { homedir } from 'node:os';
import { expect, it } from 'vitest';
import { readComparison } from '../../../src/compare/words.js';
import { UserError } from '../../../src/errors.js';

const GOOD = ['algorithms=bc,iql', 'datasets=a.hdf5'];

it('lists are told from settings, and paths begin at home', () => {
  const words = [
    'algorithms=bc, td3_bc',
    'datasets=~/a.hdf5,b/c.hdf5',
    'seeds=0..2,7',
    'train.offline_steps=10',
  ];
  expect(readComparison([...words, 'env.env_id=Hopper-v5,Ant-v5'])).toEqual({
    algorithms: ['bc', 'td3_bc'],
    datasets: [`${homedir()}/a.hdf5`, 'b/c.hdf5'],
    seeds: ['0', '1', '2', '7'],
    environments: ['Hopper-v5', 'Ant-v5'],
    overrides: ['train.offline_steps=10'],
  });
  expect(readComparison(GOOD)).toMatchObject({ seeds: ['0', '1', '2'], environments: null });
});

it.each([
  [['datasets=a.hdf5'], 'algorithms is missing: give algorithms=bc,td3_bc,iql'],
  [['algorithms=bc'], 'datasets is missing: give datasets='],
  [['algorithms=bc,td3bc', 'datasets=a'], 'unknown algorithm "td3bc"; did you mean "td3_bc"? known: rlpd'],
  [['algorithms=TD3', 'datasets=a'], 'did you mean "td3_bc"?'],
  [['algorithms=bc,,iql', 'datasets=a'], 'a value is missing beside a comma'],
  [['algorithms=bc,bc', 'datasets=a'], 'bc is listed twice'],
  [[...GOOD, 'seeds=1,1'], 'seeds: 1 is listed twice'],
  [[...GOOD, 'seeds=3..1'], 'write 1..3'],
  [[...GOOD, 'algo=bc'], 'give algorithms=bc,iql'],
  [[...GOOD, 'train.dataset_path=a'], 'give datasets='],
  [[...GOOD, 'logger.exp_name=a'], 'name the comparison with --name'],
  [[...GOOD, 'configs/iql.yml'], 'a comparison takes no recipe'],
  [[...GOOD, 'train.discount=0.9', 'train.discount=0.8'], 'train.discount is given twice'],
  [
    [...GOOD, 'env.env_id=Hopper-v5,Ant-v5'],
    'names 2 environments for 1 datasets: give one for all, or one for each',
  ],
])('refuses %j', (words, message) => {
  expect(() => readComparison(words)).toThrow(UserError);
  expect(() => readComparison(words)).toThrow(message);
});
