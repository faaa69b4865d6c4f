import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli.js';
import { filesBelow } from '../../src/files/folders.js';
import { rememberSaid } from '../said.js';
import { folderOfTest } from '../temporary_folder.js';
import { statusOf, writeRun } from './runs/run_fixture.js';
import { tinyConfig } from './training/tiny_run.js';

let workspace: string;
let said: { text: string };
beforeEach(() => {
  workspace = folderOfTest();
  said = rememberSaid();
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

const TINY = [
  'train.dataset_path=test/fixtures/demos/pick_cube.h5',
  'train.steps=40',
  'env.num_envs=2',
  'train.batch_size=16',
  'train.num_seed_steps=16',
  'train.bc_warm_start_steps=10',
  'train.eval_freq=20',
  'train.eval_episodes=2',
  'eval_env.num_envs=2',
  'eval.num_videos=0',
  'network.actor.arch_cfg.features=[16]',
  'network.critic.arch_cfg.features=[16]',
];

describe('rlpd', () => {
  it('trains, evaluates and goes on', async () => {
    const words = [...TINY, 'logger.exp_name=cli', `logger.workspace=${workspace}`];
    expect(await main(['train', ...words])).toBe(0);
    expect(said.text).toContain('finished 40 env steps');
    expect(said.text).toContain('success_at_end');
    // The recipe's cloning term falls over 15,000 env steps.
    const note = said.text.indexOf('note: rlpd.bc_weight only gets from 30 to 29.9');
    expect(note).toBeGreaterThan(0);
    expect(note).toBeLessThan(said.text.indexOf('demonstrations: 3 of 3'));
    said.text = '';
    expect(await main(['eval', `${workspace}/cli`, 'train.eval_episodes=4', 'train.eval_episodes=3'])).toBe(
      0,
    );
    expect(said.text).toMatch(/latest\.safetensors \([0-9a-f]{12}\): 40 env steps/);
    expect(said.text).toContain(
      'note: train.eval_episodes is given more than once: train.eval_episodes=3 counts',
    );
    expect(said.text).toContain('PickCube-v1, 3 episodes');
    const video = `${workspace}/cli.png`;
    expect(await main(['eval', `${workspace}/cli`, '--save-video', video, 'eval.num_videos=2'])).toBe(0);
    expect(said.text).toContain(`${video}: a picture`);
    expect(await main(['eval', `${workspace}/cli`, '--save-video', video])).toBe(1);
    expect(said.text).toContain('cli.png exists already');
    expect(await main(['eval', `${workspace}/cli`, 'eval.num_videos=1', '--create_video'])).toBe(0);
    expect(said.text).toContain(`${workspace}/cli/eval.mp4: `);
    expect(await main(['eval', `${workspace}/cli`, '--create_video', video])).toBe(1);
    expect(await main(['eval', `${workspace}/cli`, '--create_video', '--save-video', video])).toBe(1);
    for (const [word, message] of [
      ['seed=7', 'eval_env.seed says which episodes it has'],
      ['env.randomization.mass=1', 'never randomised'],
      ['eval_env.sed=7', 'did you mean "eval_env.seed"'],
      ['train.eval_steps=100', 'train.eval_episodes=2 says how long an evaluation is'],
      ['eval.num_videos=1', '--save-video <path> asks for'],
    ]) {
      expect(await main(['eval', `${workspace}/cli`, word])).toBe(1);
      expect(said.text).toContain(message);
    }
    const elsewhere = ['logger.exp_name=other', `logger.workspace=${workspace}/other`];
    for (const word of elsewhere) {
      expect(await main(['train', '--resume', `${workspace}/cli`, 'train.steps=80', word])).toBe(1);
      expect(said.text).toContain(`a resumed run stays where it is, in ${workspace}/cli`);
      said.text = '';
    }
    expect(await main(['train', '--resume', `${workspace}/cli`, 'train.steps=80'])).toBe(0);
    expect(said.text).toContain('finished 80 env steps');
  });

  it('collects episodes with a trained policy, and trains on them', async () => {
    const run = `${workspace}/teacher`;
    const horizon = 'env.max_episode_steps=10';
    const words = [...TINY, horizon, `logger.workspace=${workspace}`];
    expect(await main(['train', ...words, 'logger.exp_name=teacher'])).toBe(0);
    const collect = [
      'collect',
      `${run}/models/latest`,
      'num_envs=2',
      'num_episodes=3',
      'deterministic=False',
    ];
    expect(await main([...collect, 'save_video=4'])).toBe(0);
    expect(said.text).toMatch(/trajectory\.h5: 3 episodes; 30 env steps in/);
    expect(said.text).toContain('note: the video shows only 3 of 4 episodes: there are no more');
    expect(said.text).toMatch(/trajectory\.mp4: 11 frames/);
    expect(readdirSync(`${run}/eval_videos`).sort()).toEqual([
      'trajectory.h5',
      'trajectory.json',
      'trajectory.mp4',
    ]);
    expect(await main(collect)).toBe(1);
    expect(said.text).toContain('trajectory.h5 exists already');
    expect(await main(['data', 'verify', `${run}/eval_videos/trajectory.h5`])).toBe(0);
    const dataset = `train.dataset_path=${run}/eval_videos/trajectory.h5`;
    expect(await main(['train', ...words, dataset, 'logger.exp_name=pupil'])).toBe(0);
    expect(said.text).toContain('demonstrations: 3 of 3 episodes');

    said.text = '';
    for (const [word, message] of [
      ['env.env_id=Other', 'the checkpoint has env.env_id=PickCube-v1'],
      ['num_env=4', 'did you mean "num_envs"'],
      ['output=x.hdf5', 'given by its .h5 file'],
    ]) {
      expect(await main([...collect, word])).toBe(1);
      expect(said.text).toContain(message);
    }
    expect(await main(['collect', `${run}/models/best`])).toBe(1);
    expect(said.text).toContain('no such checkpoint; others in');
    expect(said.text).not.toContain('    at ');
  });

  it.each([
    [['train', 'sac.num_q=3'], 'did you mean "rlpd.num_qs"'],
    [['train', 'a.yml', 'b.yml'], 'one config file at a time'],
    [['train', 'none.yml'], '"none.yml" not found'],
    [['train', 'logger.exp_name=a/../b'], 'logger.exp_name: letters, digits, spaces and . _ @ + - only'],
    [['train', '--allow-changed-dataset'], 'goes with --resume'],
    [['train', '--resume', 'exps/none'], 'no run there'],
    [['train', 'logger.wandb_mode=onlin'], 'logger.wandb_mode'],
    [['runs', 'exps/none'], 'no such folder'],
    [['runs', '--sort', 'speed'], 'Allowed choices are name, status, success'],
    [['plot', 'exps/none', '--out', 'none.svg'], 'no such folder'],
    [['plot', 'exps', '--out', 'curves.jpg'], '.svg or .png'],
    [['sweep', 'seed=1..3', 'agent.num_qs=2,10'], 'did you mean "rlpd.num_qs"'],
    [['sweep', 'seed=1..3', 'train.dataset_path=none.h5'], 'none.h5'],
    [['sweep', 'seed=1..3', '--workers', '0'], 'a whole number from 1'],
    [['sweep', 'seed=1..3', '--name', '../x'], 'Expected a folder name'],
    [['eval', 'exps/none'], 'no such run folder'],
    [['eval', 'none.safetensors'], 'no such checkpoint'],
    [['collect', 'exps/none'], 'no such run folder or checkpoint'],
    [['collect'], "missing required argument 'checkpoint'"],
    [['tran'], 'Did you mean train'],
    [['make_demos'], '--output'],
    [['data', 'info', 'none.h5'], 'no such file'],
    [['data', 'verify', 'none.h5'], 'no such file'],
    [['replay'], '--traj-path'],
    [['replay', '--traj-path', 'none.h5'], 'no such file'],
    [['replay', '--traj-path', 'none.h5', '--vis'], 'no window'],
    [['replay', '--traj-path', 'none.h5', '-o', 'rgbd'], 'Allowed choices are state, none'],
    [['make_demos', '--output', 'x.h5', '--env-id', 'X'], 'no expert for the task "X"'],
    [['make_demos', '--output', 'x.h5', '--env-id', 'PikCube-v1'], 'did you mean "PickCube-v1"?'],
    [['make_demos', '--output', 'x.h5', '--speed', '0'], 'a number above 0 and up to 1'],
    [['make_demos', '--output', 'x.h5', '--only-successes', '--failed-share', '0.5'], 'contradict'],
    [['render', 'none.h5'], '--out'],
    [['render', 'none.h5', '--out', 'x.mp4'], 'none.h5: no such file'],
    [['render', 'none.h5', '--out', 'x.avi'], 'a video ends in .mp4, .gif, .png'],
    [['render', 'none.h5', '--out', 'none/x.mp4'], "can't write none/x.mp4: its folder does not exist"],
    [['render', 'none.h5', '--out', 'x.png', '--episode', 'first'], 'a whole number from 0'],
    [['render', 'none.h5', '--out', 'x.png', '--episode', '1', '--count', '2'], 'not both'],
    [['render', 'none.h5', '--out', 'x.png', '--size', '8'], 'a whole number from 64 to 2048'],
    [['render', 'none.h5', '--out', 'x.mp4', '--step', '3'], '--step is for pictures'],
  ])('%j fails with a clear message', async (words, message) => {
    expect(await main(words.map((word) => word))).toBe(1);
    expect(said.text).toContain(message);
    expect(said.text).not.toContain('    at ');
  });

  it.each([
    ['none.h5', 'no such file'],
    ['test/fixtures/demos/lzf.h5', 'compressed with lzf'],
    ['test/fixtures/demos/nan.h5', 'holds NaN'],
  ])('refuses the dataset %s without leaving a run folder', async (path, message) => {
    expect(await main(['train', `train.dataset_path=${path}`, `logger.workspace=${workspace}`])).toBe(1);
    expect(said.text).toContain(path);
    expect(said.text).toContain(message);
    expect(readdirSync(workspace)).toEqual([]);
  });

  it.each(['with its folder models', 'without'])(
    'goes on with no run that lost its checkpoints, and changes nothing, %s',
    async (how) => {
      const run = writeRun(workspace, 'run', {
        evaluations: [[60, 0.5]],
        status: statusOf({ state: 'finished' }),
      });
      if (how === 'without') rmSync(`${run}/models`, { recursive: true });
      const contents = () => filesBelow(run).map((name) => [name, readFileSync(`${run}/${name}`, 'utf8')]);
      const before = contents();
      expect(await main(['train', '--resume', run, 'train.steps=80', ...TINY])).toBe(1);
      expect(said.text).toContain(
        `${run} has made 60 env steps, but its checkpoints are not in ${run}/models`,
      );
      expect(contents()).toEqual(before);
    },
  );

  it('begins no sweep that another process is at work on, and changes nothing', async () => {
    mkdirSync(`${workspace}/s`);
    writeFileSync(`${workspace}/s/sweep.json`, JSON.stringify(statusOf({ pid: process.ppid })));
    const sweep = ['sweep', ...TINY, 'seed=1..2', `logger.workspace=${workspace}`, '--name', 's'];
    expect(await main(sweep)).toBe(1);
    expect(said.text).toContain(`${workspace}/s is being trained already, by process ${process.ppid}`);
    expect(readdirSync(`${workspace}/s`)).toEqual(['sweep.json']);
    writeRun(workspace, 'run', {});
    expect(await main([...sweep.slice(0, -1), 'run/s'])).toBe(1);
    expect(said.text).toContain('/run is a run, and no other can be in its folder');
  });

  it('finds out before the work where nothing can be written or read', async () => {
    const link = `${workspace}/link`;
    symlinkSync('nothing', link);
    mkdirSync(`${workspace}/folder.yml`);
    const demos = 'test/fixtures/demos/pick_cube.h5';
    const train = [...TINY, `logger.workspace=${link}`];
    const replay = ['--traj-path', demos, '--use-env-states', '--save-video', '--output', `${link}/x.h5`];
    for (const [words, message] of [
      [['train', ...train], `can't write ${link}: it is a link to nothing`],
      [['sweep', ...train, 'seed=1..2'], `can't write ${link}: it is a link to nothing`],
      [['replay', ...replay], `can't write ${link}: it is a link to nothing`],
      [
        ['render', demos, '--out', `${link}/x.mp4`],
        `can't write ${link}/x.mp4: ${link} is a link to nothing`,
      ],
      [['make_demos', '--output', `${link}/x.h5`], `can't write ${link}: it is a link to nothing`],
      [
        ['plot', workspace, '--out', `${link}/x.svg`],
        `can't write ${link}/x.svg: ${link} is a link to nothing`,
      ],
      [['eval', 'none', '--save-video', `${link}/x.mp4`], `can't write ${link}/x.mp4: ${link} is a link to`],
      [['train', `${workspace}/folder.yml`], `can't read ${workspace}/folder.yml: it is a folder`],
      [['data', 'info', `${link}.h5`], `can't read ${link}.h5: no such file`],
    ] as const) {
      said.text = '';
      expect(await main(words)).toBe(1);
      expect(said.text).toContain(`error: ${message}`);
      expect(said.text).not.toContain('    at ');
    }
    expect(readdirSync(workspace).sort()).toEqual(['folder.yml', 'link']);
  });

  it('describes a dataset', async () => {
    expect(await main(['data', 'info', 'test/fixtures/demos/pick_cube_failures.h5'])).toBe(0);
    for (const line of [
      'size          24,925 bytes',
      'control mode  pd_joint_delta_pos',
      'obs mode      state',
      'obs           float32 [42] from',
      'episodes      2, 99 steps',
      'lengths       min 49, median 49.5, max 50',
      'success       once 1 (50.0 %), at end 1 (50.0 %)',
      'action 7      -0.9293 to 1.0000',
    ]) {
      expect(said.text).toContain(line);
    }
  });

  it('lists runs as a table and as JSON', async () => {
    writeRun(workspace, 'run', { evaluations: [[160, 0.5]] });
    expect(await main(['runs', workspace])).toBe(0);
    expect(said.text).toMatch(/ run +│ finished +│/);
    said.text = '';
    expect(await main(['runs', workspace, '--json', '--sort', 'success'])).toBe(0);
    expect(JSON.parse(said.text)).toMatchObject([{ name: 'run', status: 'finished', best_score: 0.5 }]);
  });

  it('says what a sweep would do, and does nothing, with --dry-run', async () => {
    const words = [...TINY, `logger.workspace=${workspace}`, 'rlpd.num_qs=2,3', 'seed=1..3', '--dry-run'];
    expect(await main(['sweep', ...words])).toBe(0);
    expect(said.text).toContain('num_qs-3_seed-3: to be trained');
    expect(said.text).toContain(
      `${workspace}/sweep-default-num_qs-seed: 6 runs, 6 to train with 240 env steps`,
    );
    expect(said.text).not.toContain('no update will be made');
    const late = words.map((word) =>
      word.startsWith('train.num_seed_steps') ? 'train.num_seed_steps=41' : word,
    );
    expect(await main(['sweep', ...late])).toBe(0);
    // Once for all runs.
    expect(said.text.split('warning: no update will be made')).toHaveLength(2);
    expect(readdirSync(workspace)).toEqual([]);
  });

  it('verifies a dataset, with exit code 1 for a bad one', async () => {
    expect(await main(['data', 'verify', 'test/fixtures/demos/pick_cube.h5'])).toBe(0);
    expect(said.text).toContain('pick_cube.h5: 3 episodes, 203 steps: no problems');
    expect(await main(['data', 'verify', 'test/fixtures/demos/nan.h5'])).toBe(1);
    expect(said.text).toContain('traj_2/actions holds NaN at step 3, column 5');
    expect(said.text).toContain('1 problem; bad episodes: traj_2');
    expect(said.text).toMatch(/^read 1\/1 episodes, /m);
  });

  it('draws recorded episodes, and nothing over an existing file', async () => {
    const out = `${workspace}/moment.png`;
    const words = [
      'render',
      'test/fixtures/demos/pick_cube.h5',
      '--episode',
      '2',
      '--size',
      '64',
      '--out',
      out,
    ];
    expect(await main(words)).toBe(0);
    expect(said.text).toContain(`${out}: a picture`);
    const { mtimeMs } = statSync(out);
    expect(await main(words)).toBe(1);
    expect(said.text).toContain(`${out} exists already`);
    expect(statSync(out).mtimeMs).toBe(mtimeMs);
    expect(await main([...words, '--overwrite', '--fps', '5'])).toBe(0);
    expect(said.text).toContain('note: --fps changes nothing');
    expect(readdirSync(workspace)).toEqual(['moment.png']);
  });

  it("replays a dataset, with ManiSkill's words", async () => {
    const path = 'test/fixtures/demos/pick_cube_raw.h5';
    const words = `--traj-path ${path} -c pd_joint_delta_pos -o state --save-traj --record-rewards True -n 2 -b physx_cpu`;
    const output_ = `${workspace}/converted.h5`;
    expect(await main(['replay_trajectory', ...words.split(' '), '--output', output_])).toBe(0);
    expect(said.text).toContain('--sim-backend physx_cpu: everything runs in rapier here');
    expect(said.text).toContain('begin in their first recorded state');
    expect(said.text).toMatch(/succeeded at the end +│ +1 │ 100\.0 %/);
    expect(said.text).toContain(`${output_}, 1 episodes in`);
    said.text = '';
    expect(await main(['replay', '--traj-path', output_, '--use-env-state'])).toBe(0);
    expect(said.text).toContain('replayed by recorded states');
  });

  it('names the package that a backend needs', async () => {
    const words = [...TINY, `logger.workspace=${workspace}`, 'train.backend=tfjs-node-gpu'];
    expect(await main(['train', ...words])).toBe(1);
    expect(said.text).toContain('npm install --no-save --ignore-scripts=false @tensorflow/tfjs-node-gpu');
  });

  it('refuses to resume with other networks', async () => {
    const words = [...TINY, 'rlpd.num_qs=2', 'logger.exp_name=other', `logger.workspace=${workspace}`];
    expect(await main(['train', ...words])).toBe(0);
    expect(await main(['train', '--resume', `${workspace}/other`, 'rlpd.num_qs=5', 'train.steps=80'])).toBe(
      1,
    );
    expect(said.text).toContain('rlpd.num_qs: 2 → 5');
  });
});

it('the tiny configuration of the tests is a valid one', () => {
  expect(tinyConfig(workspace).train.steps).toBe(160);
});
