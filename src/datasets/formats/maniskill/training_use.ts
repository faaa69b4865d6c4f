import { resolve } from 'node:path';
import { hasUnitActions } from '../../../../envs/action_bounds.js';
import { CONTROL_MODES } from '../../../../envs/panda/controllers.js';
import { UserError } from '../../../errors.js';
import { defaultOutputPath } from '../../../replay/output_paths.js';
import { planReplay } from '../../../replay/plan.js';
import { conversionCommand } from './conversion_command.js';
import type { InspectedEpisode } from './inspect_episode.js';
import type { DatasetRecord } from './json.js';

/** The control mode that is trained in unless the user says otherwise. */
const [DEFAULT_CONTROL_MODE] = CONTROL_MODES;

/** Finds out, episode by episode, whether a dataset can be trained on as it is, and what to do where it can't. */
export class TrainingUse {
  private episodes = 0;
  private without = 0;
  private inParts = 0;
  private withStates = 0;
  private mode: string | null = null;
  private untrainableMode: string | null = null;

  add({ observationForm, envStates, spec }: InspectedEpisode): void {
    this.episodes++;
    if (observationForm === 'none') this.without++;
    if (observationForm === 'parts') this.inParts++;
    if (envStates) this.withStates++;
    if (!spec) return;
    this.mode = spec.controlMode;
    if (!hasUnitActions(spec)) this.untrainableMode = spec.controlMode;
  }

  /** Contradictions: the json names another kind of observations than there are. Those that are there count. */
  contradictions({ obsMode }: DatasetRecord): string[] {
    const whole = this.episodes - this.without - this.inParts;
    if (whole === 0 || obsMode === null || obsMode === 'state') return [];
    return [
      `the json says obs_mode ${obsMode}, but ${whole} of ${this.episodes} episodes have observations as of state`,
    ];
  }

  /** Setting that a training with this dataset needs, as text; null if it needs none. */
  get setting(): string | null {
    if (this.mode === null || this.mode === DEFAULT_CONTROL_MODE) return null;
    return `a training on it needs env.env_kwargs.control_mode=${this.mode}`;
  }

  /** Part that a training needs and the dataset lacks, in words; null if there is none. */
  get lack(): string | null {
    const { episodes, without, inParts, untrainableMode } = this;
    const reasons = [
      without > 0 ? `no observations in ${without} of ${episodes} episodes` : null,
      inParts > 0 ? `observations in parts, not in one array, in ${inParts} of ${episodes} episodes` : null,
      untrainableMode === null ? null : `a policy can't act in ${untrainableMode}`,
    ];
    return reasons.filter(Boolean).join(', and ') || null;
  }

  /**
   * The command that writes a file without that lack; its replay is planned to see that it works. Throws a UserError that
   * says what stands in the way.
   */
  async conversion(path: string, { episodes }: DatasetRecord): Promise<string> {
    const useEnvStates = this.untrainableMode === null && this.withStates === this.episodes;
    const target = this.untrainableMode === null ? episodes[0].controlMode : DEFAULT_CONTROL_MODE;
    // The file may have the very name that a replay would give its output.
    const usual = defaultOutputPath(path, 'state', target ?? '');
    const output = resolve(usual) === resolve(path) ? path.replace(/\.h5$/, '.converted.h5') : null;
    const { plan } = await planReplay({
      trajPath: path,
      useEnvStates,
      useFirstEnvState: false,
      targetControlMode: target,
      obsMode: 'state',
      rewardMode: 'sparse',
      allowFailure: false,
      discardTimeout: false,
      maxRetry: 0,
      count: null,
      output,
      saveVideo: false,
      videoFps: 20,
    });
    if (plan.start === 'seed' && plan.episodes.some(({ seed }) => seed === null)) {
      throw new UserError('no recorded states (env_states), and some episodes have no episode_seed');
    }
    return conversionCommand(path, useEnvStates ? null : plan.targetControlMode, output);
  }
}
