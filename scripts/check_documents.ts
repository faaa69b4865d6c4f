import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createTemporaryFolder, removeFolder } from '../src/files/folders.js';

/** Pages with commands, in the order in which a reader who follows all of them would run these. */
const PAGES = [
  'README.md',
  ...['training', 'demonstrations', 'algorithms', 'running', 'results', 'benchmarks'].map(
    (name) => `docs/${name}.md`,
  ),
];

/**
 * Runs every command of the pages' `bash` blocks, in order, and fails at the first that fails. Trainings are cut to a
 * few hundred steps and write to a temporary folder; `npm ci` and `npm test` are what CI does before; the
 * tests include the downloads, from a hub of their own. Peers need Python.
 */
const SKIPPED = [
  /^npm ci\b/,
  /^npm test\b/,
  /^git clone\b/,
  /^cd\b/,
  // The package has a check of its own.
  /^npm install\b/,
  /^npx rlpd\b/,
  /^npm run test:slow\b/,
  /data download\b/,
  /--peer\b/,
  // Hours; what all of it needs is in the smoke run of `npm run results`.
  /npm run results -- /,
  // Each of them is a part of `npm run bench`.
  /npm run bench -- /,
];

const SHORT_TRAINING = [
  // Long enough for whole episodes in each environment.
  'train.steps=480',
  'train.num_demos=20',
  'train.num_seed_steps=160',
  'train.grad_updates_per_step=4',
  'train.bc_warm_start_steps=50',
  'train.offline_steps=100',
  'train.eval_freq=160',
  'train.eval_episodes=4',
  'eval.num_videos=1',
  'train.save_freq=160',
];

const SHORT_FORMS: readonly [RegExp, string][] = [
  [/npm run train -- --resume/, ' train.steps=640'],
  [/npm run train\b(?!.* -- )/, ` -- ${SHORT_TRAINING.join(' ')}`],
  [/npm run train\b/, ` ${SHORT_TRAINING.join(' ')}`],
  [/rlpd -- compare\b/, ' train.offline_steps=20 train.eval_episodes=2 train.eval_freq=10'],
  [/rlpd -- sweep\b/, ` ${SHORT_TRAINING.join(' ')}`],
  [/npm run make_demos\b/, ' --num-episodes 20'],
  [/npm run collect_demos\b/, ' num_episodes=4'],
  // A policy of so short a training succeeds in nothing.
  [/npm run replay_trajectory\b/, ' --allow-failure'],
  [/npm run eval\b/, ' train.eval_episodes=4'],
  [/npm run bench\b/, ' -- --smoke'],
  [/npm run results\b/, ' -- --smoke'],
];

function commandsOf(page: string): string[] {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/```bash\n([\s\S]*?)```/g)];
  return blocks
    .flatMap(([, block]) => block.replaceAll('\\\n', ' ').split('\n'))
    .map((line) =>
      line
        .replace(/(^|\s)#.*$/, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .flatMap((line) => line.split(' && '))
    .filter((line) => line !== '');
}

const workspace = createTemporaryFolder('readme');
let count = 0;
for (const { page, command } of PAGES.flatMap((page) =>
  commandsOf(page).map((command) => ({ page, command })),
)) {
  if (SKIPPED.some((pattern) => pattern.test(command))) continue;
  const short = SHORT_FORMS.find(([pattern]) => pattern.test(command))?.[1] ?? '';
  const line = `${command}${short}`.replace(/([\s=])exps(?=\/|\s|$)/g, `$1${workspace}`);
  const training = /npm run train\b(?!.*--resume)|rlpd -- (sweep|compare)\b/.test(line)
    ? ` logger.workspace=${workspace}`
    : '';
  console.log(`\n$ ${line}${training}`);
  const { status } = spawnSync('bash', ['-c', `${line}${training}`], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) {
    console.error(`\na command of ${page} failed (exit code ${status}): ${command}`);
    process.exit(1);
  }
  count++;
}
removeFolder(workspace);
console.log(`\n${count} commands of ${PAGES.join(', ')} passed`);
