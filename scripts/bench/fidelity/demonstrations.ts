import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../../src/errors.js';
import type { ReplayedEpisode } from '../../../src/replay/episode_replayer.js';
import { planReplay } from '../../../src/replay/plan.js';
import { replayEpisodes } from '../../../src/replay/replay_episodes.js';
import { type Spread, spreadOf } from './spread.js';

const FOLDERS = ['motionplanning100', 'motionplanning'];
const FILE = 'trajectory.state.pd_joint_delta_pos.physx_cpu.h5';

/** Demonstrations that succeeded in ManiSkill, carried out here with their actions from their first states. */
export interface OpenLoopFigures {
  episodes: number;
  /** Shares. */
  successOnce: number;
  successAtEnd: number;
  /** mm between the two positions of the object that ends farthest from where it ended in ManiSkill. */
  endDistance: Spread;
}

/** The file of a task's motion-planned demonstrations below `folder`. Throws a UserError if there is none. */
export function demonstrationsOf(envId: string, folder: string): string {
  const names = FOLDERS.map((name) => join(envId, name, FILE));
  const found = names.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (!found)
    throw new UserError(`no demonstrations of ${envId} in ${folder}: neither ${names.join(' nor ')}`);
  return found;
}

/** Replays all episodes to their ends, also past the task's horizon. Throws a UserError if one can't be read. */
export async function replayDemonstrations(path: string): Promise<OpenLoopFigures> {
  const { plan } = await planReplay({
    trajPath: path,
    useEnvStates: false,
    useFirstEnvState: true,
    targetControlMode: null,
    obsMode: null,
    rewardMode: 'none',
    allowFailure: false,
    discardTimeout: false,
    maxRetry: 0,
    count: null,
    output: null,
    saveVideo: false,
    videoFps: 20,
  });
  const replays: ReplayedEpisode[] = [];
  for await (const replay of replayEpisodes(plan, 1)) {
    if (replay.kind === 'unreadable') throw new UserError(replay.reason);
    replays.push(replay);
  }
  const share = (succeeded: (replay: ReplayedEpisode) => boolean) =>
    replays.filter(succeeded).length / replays.length;
  return {
    episodes: replays.length,
    successOnce: share(({ trajectory }) => trajectory.success.includes(1)),
    successAtEnd: share(({ success }) => success),
    endDistance: spreadOf(replays.map(endDistance)),
  };
}

function endDistance({ error }: ReplayedEpisode): number {
  return 1000 * Math.max(...Object.values(error!.objects).map((distances) => distances.at(-1)!));
}
