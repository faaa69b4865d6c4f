import JSON5 from 'json5';
import { z } from 'zod';
import { UserError } from '../../../errors.js';
import { type Column, type Columns, isNumbers, rowSize, toFloat32 } from '../../column.js';
import type { FormatWriter, WriteTarget, WrittenHead } from '../../format_writer.js';
import { INTENDED_INFO, infoName } from '../../infos.js';
import { type Metadata, metadataJson } from '../../metadata.js';
import type { WholeEpisode } from '../../whole_episode.js';
import type { EnvStates } from './trajectory.js';
import { ManiSkillWriter } from './writer.js';

const envInfoSchema = z.looseObject({
  env_id: z.string(),
  max_episode_steps: z.int(),
  env_kwargs: z.looseObject({
    control_mode: z.string(),
    reward_mode: z.string().default('sparse'),
    sim_backend: z.string().default('unknown'),
  }),
});

const STATES = /^env_states\/(actors|articulations|memory|geometry)\/(.+)$/;

/**
 * Writes datasets that were ManiSkill's before: their metadata have its `env_info`, without which ManiSkill's tools can do nothing
 * with a file.
 */
export class ManiSkillRewriter implements FormatWriter {
  private episodes = 0;

  private constructor(private readonly writer: ManiSkillWriter) {}

  static async create({ path, named }: WriteTarget, { metadata }: WrittenHead): Promise<ManiSkillRewriter> {
    const info = envInfoSchema.safeParse(metadata?.get('env_info'));
    if (!info.success) {
      throw new UserError(
        `can't write ${named}: ManiSkill's files say in which task, control mode and horizon they were recorded, in env_info ` +
          "with env_id, env_kwargs.control_mode and max_episode_steps, and the dataset's metadata have none",
      );
    }
    const { env_id: envId, max_episode_steps: maxEpisodeSteps, env_kwargs: kwargs } = info.data;
    const writer = await ManiSkillWriter.create(path, {
      envId,
      controlMode: kwargs.control_mode,
      rewardMode: kwargs.reward_mode,
      maxEpisodeSteps,
      simBackend: kwargs.sim_backend,
      sourceType: '',
      sourceDescription: '',
      generator: {},
      recorded: plain(metadata!),
    });
    return new ManiSkillRewriter(writer);
  }

  fit(episode: WholeEpisode): WholeEpisode {
    const { id, length, hasFinalObservation, success, seed, rewards, extras, intendedActions } = episode;
    if (!hasFinalObservation) {
      throw new UserError(`${id} lacks the observation after its last step, which ManiSkill's files have`);
    }
    if (!success) {
      throw new UserError(
        `${id} doesn't say of its steps whether they succeeded, which ManiSkill's files do`,
      );
    }
    const actions = vectors(id, 'actions', episode.actions, length);
    const states = new Map<string, Column>();
    for (const [name, column] of extras) {
      const isState = STATES.test(infoName(name)) && isNumbers(column) && column.shape.length === 2;
      if (isState && column.shape[0] === length + 1) states.set(infoName(name), float32(column, length + 1));
    }
    return {
      id,
      seed:
        seed !== null && BigInt(Number(seed)) === seed && Number.isSafeInteger(Number(seed)) ? seed : null,
      length,
      hasFinalObservation: true,
      observations: vectors(id, 'observations', episode.observations, length + 1),
      actions,
      ...(intendedActions && { intendedActions: vectors(id, INTENDED_INFO, intendedActions, length) }),
      rewards: rewards && { dtype: 'float32', shape: [length], data: toFloat32(rewards) },
      terminated: episode.terminated,
      truncated: episode.truncated,
      success,
      extras: states,
      metadata: episode.metadata,
    };
  }

  append(episode: WholeEpisode): void {
    const { length, seed, rewards, terminated, truncated, success, metadata } = episode;
    const data = (columns: Columns) => columns.get('')!.data as Float32Array;
    this.writer.append({
      episodeId: this.episodes,
      seed: seed === null ? null : Number(seed),
      length,
      observations: data(episode.observations),
      actions: data(episode.actions),
      ...(episode.intendedActions && { intendedActions: data(episode.intendedActions) }),
      rewards: rewards && (rewards.data as Float32Array),
      terminated,
      truncated,
      success: success!,
      envStates: statesOf(episode.extras),
      metadata: plain(metadata),
    });
    this.episodes++;
  }

  notes(): string[] {
    return [];
  }

  finish(): Promise<void> {
    return this.writer.finish();
  }

  abort(): void {
    void this.writer.abort();
  }
}

/** A part that is one vector of numbers a row, in the precision that ManiSkill's files have. */
function vectors(id: string, part: string, columns: Columns, rows: number): Columns {
  const [column] = columns.values();
  if (columns.size !== 1 || !isNumbers(column)) {
    const names = [...columns.keys()].join(', ');
    throw new UserError(
      `${id} has ${part} of several columns (${names}), or no numbers; ManiSkill's obs_mode state has one vector`,
    );
  }
  return new Map([['', float32(column, rows)]]);
}

function float32(column: Column, rows: number): Column {
  if (!isNumbers(column)) throw new RangeError('no numbers');
  return { dtype: 'float32', shape: [rows, rowSize(column)], data: toFloat32(column) };
}

function statesOf(extras: Columns): EnvStates | null {
  if (extras.size === 0) return null;
  const states: Record<string, Record<string, Float32Array>> = { actors: {}, articulations: {} };
  for (const [name, { data }] of extras) {
    const [, kind, part] = STATES.exec(name)!;
    states[kind] = { ...states[kind], [part]: data as Float32Array };
  }
  return states as unknown as EnvStates;
}

/** Metadata as a plain object of JSON. */
function plain(metadata: Metadata): Record<string, unknown> {
  return Object.fromEntries([...metadata].map(([name, value]) => [name, JSON5.parse(metadataJson(value))]));
}
