import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quoted } from '../src/command_text.js';

/**
 * Does what a user of the package does: packs a fresh clone of the last commit, installs the tarball by the README's line
 * in an empty folder, and calls every command there, small. A training is stopped by Ctrl-C, then resumed and evaluated
 * by the commands that it prints.
 */
const FOLDER_NAME = 'Ein leerer Ordner für Käse';
const TINY = [
  'env.num_envs=2 eval_env.num_envs=1 train.num_demos=3 train.num_seed_steps=8 train.bc_warm_start_steps=3',
  'train.eval_episodes=1 train.batch_size=16 rlpd.num_qs=2 eval.num_videos=1',
  "'network.critic.arch_cfg.features=[16]' 'network.actor.arch_cfg.features=[16]'",
].join(' ');

const place = mkdtempSync(join(tmpdir(), 'rlpd-package-'));
try {
  const folder = join(place, FOLDER_NAME);
  mkdirSync(folder);
  shell(folder, installLine(packFreshClone()));
  await useEveryCommand(folder);
  console.log('\nthe package works');
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  rmSync(place, { recursive: true, force: true });
}

/** The path of the tarball. */
function packFreshClone(): string {
  const clone = join(place, 'clone');
  shell('.', `git clone --quiet . ${quoted(clone)}`);
  shell(clone, 'npm pack');
  const { name, version } = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8'));
  return join(clone, `${name}-${version}.tgz`);
}

/** The README's, for this tarball. */
function installLine(tarball: string): string {
  const [line] = /^npm install .*\.tgz$/m.exec(readFileSync('README.md', 'utf8')) ?? [];
  if (line === undefined) throw new Error('README.md has no line that installs the package');
  return line.replace(/\S+\.tgz$/, quoted(tarball));
}

async function useEveryCommand(folder: string): Promise<void> {
  const rlpd = (line: string) => shell(folder, `npx rlpd ${line}`);
  const demos = quoted('demos/für später.h5');
  rlpd(`make_demos --output ${demos} --num-episodes 3`);
  rlpd(`data info ${demos}`);
  rlpd(`data verify ${demos}`);
  rlpd(`render ${demos} --out demos/Käse.png --size 64`);
  rlpd(`replay --traj-path ${demos} -c pd_ee_delta_pose -o state --save-traj --allow-failure`);
  const stopped = await stoppedTraining(folder, `npx rlpd train ${TINY} train.dataset_path=${demos}`);
  const steps = Number(printed(stopped, /stopped at (\d+) env steps/)) + 20;
  const finished = shell(folder, `${printed(stopped, /go on with: (.+)/)} train.steps=${steps}`);
  shell(folder, printed(finished, /evaluate it with: (.+)/));
  rlpd('collect exps/rlpd-PickCube-v1-0 num_envs=1 num_episodes=1');
  rlpd(`sweep ${TINY} train.steps=20 seed=1..2`);
  rlpd('runs');
  rlpd('plot exps --out Kurven.png');
}

/** Runs a command line, shows what it says and gives its standard output. Throws if it fails. */
function shell(folder: string, line: string): string {
  console.log(`\n$ ${line}`);
  const { status, stdout } = spawnSync(line, {
    shell: true,
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  console.log(stdout);
  if (status !== 0) throw new Error(`failed (exit code ${status}): ${line}`);
  return stdout;
}

/** Starts a training, stops it by Ctrl-C when it learns online, and gives what it said. */
async function stoppedTraining(folder: string, line: string): Promise<string> {
  console.log(`\n$ ${line} # until Ctrl-C`);
  // A process group of its own, as a terminal would give it.
  const training = spawn(line, {
    shell: true,
    detached: true,
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let isStopped = false;
  for (const stream of [training.stdout, training.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      process.stdout.write(text);
      said += text;
      if (isStopped || !said.includes('\nonline ')) return;
      isStopped = true;
      process.kill(-training.pid!, 'SIGINT');
    });
  }
  await once(training, 'close');
  return said;
}

/** The part of a program's output that a pattern has in brackets. */
function printed(output: string, pattern: RegExp): string {
  const part = pattern.exec(output)?.[1];
  if (part === undefined) throw new Error(`not printed: ${pattern}`);
  return part;
}
