import { MEASURE_WORDS } from '../../envs/success.js';
import { consoleTable } from '../console_table.js';
import { shortNumber } from '../logging/tables.js';
import { methodInWords } from './output.js';
import type { ReplayPlan } from './plan.js';
import type { ErrorSummary, StartErrors } from './replay_error.js';
import type { EpisodeTally, SkippedEpisode } from './tally.js';

/** Report at the end of a replay: how many episodes made it, why others did not, and how far the states drifted. */
export function replayReport(plan: ReplayPlan, tally: EpisodeTally): string {
  return [
    episodeTable(plan, tally),
    ...skippedLines(tally.skipped),
    errorTable(tally),
    ...startLines(tally.starts),
  ].join('\n');
}

function episodeTable(
  plan: ReplayPlan,
  { replayed, succeeded, asRecorded, kept, skipped }: EpisodeTally,
): string {
  const share = (count: number) => (replayed > 0 ? `${((100 * count) / replayed).toFixed(1)} %` : '-');
  return consoleTable({
    head: [methodInWords(plan), 'episodes', 'share'],
    rows: [
      ['replayed', `${replayed}`, ''],
      [`succeeded ${MEASURE_WORDS[plan.judgedBy]}`, `${succeeded}`, share(succeeded)],
      ['outcome as recorded', `${asRecorded}`, share(asRecorded)],
      ['kept', `${kept}`, ''],
      ['skipped', `${skipped.length}`, ''],
    ],
  });
}

/** One line a reason, with the episodes that it holds for. */
function skippedLines(skipped: readonly SkippedEpisode[]): string[] {
  const episodes = new Map<string, number[]>();
  for (const { episodeId, reason } of skipped) {
    episodes.set(reason, [...(episodes.get(reason) ?? []), episodeId]);
  }
  return [...episodes].map(
    ([reason, ids]) => `skipped, ${reason}: ${ids.map((id) => `traj_${id}`).join(', ')}`,
  );
}

function errorTable({ error }: EpisodeTally): string {
  if (!error) return 'replay error: no recorded states to compare with';
  return consoleTable({
    head: ['replay error, against recorded states', 'median', 'max', 'median at end', 'max at end'],
    rows: [
      errorRow('arm joints, rad', error.arm, 1),
      errorRow('arm joint velocities, rad/s', error.armVelocity, 1),
      errorRow('finger joint velocities, m/s', error.fingerVelocity, 1),
      ...Object.entries(error.objects).map(([name, summary]) => errorRow(`${name}, mm`, summary, 1000)),
    ],
  });
}

/** Seeds that don't belong to the states beside them, as after files were merged. */
function startLines({ episodes, of, arm, object }: StartErrors): string[] {
  if (episodes === 0) return [];
  return [
    `note: the first recorded state is up to ${shortNumber(1000 * object)} mm and ${shortNumber(arm)} rad from where ` +
      `the seed puts it in ${episodes} of ${of} episodes: --use-first-env-state begins there`,
  ];
}

function errorRow(
  name: string,
  { median, max, medianAtEnd, maxAtEnd }: ErrorSummary,
  scale: number,
): string[] {
  return [name, ...[median, max, medianAtEnd, maxAtEnd].map((value) => shortNumber(scale * value))];
}
