import { createHash } from 'node:crypto';
import { UserError } from '../../../errors.js';
import type { NumberColumn } from '../../column.js';
import { type Dataset, type DatasetHead, inOrder, type LearningRules } from '../../dataset.js';
import type { Episode, EpisodeOutcome } from '../../episode.js';
import { recordedRules } from '../../recorded_rules.js';
import { decodePng, isPng, pngSize } from '../../storage/png.js';
import type { RecordPlace, Shards } from '../../storage/shards.js';
import { bytesOf, floatsOf, integersOf } from '../../storage/tf_example.js';
import { chainsOf, type Link } from './chains.js';
import { decoded, type Example, readExample } from './examples.js';

/** A transition in the files. */
interface Transition extends Link {
  at: RecordPlace;
  discount: number;
}

/**
 * Episodes of Atari games, whose transitions are shuffled over all files. They are put together by the number of their episode, and
 * in order by their observations: where one ends, the next one begins.
 */
export class AtariEpisodes implements Dataset {
  private constructor(
    readonly head: DatasetHead,
    private readonly shards: Shards,
    private readonly chains: readonly (readonly Transition[])[],
  ) {}

  /** Reads all records once, for their places in the episodes. */
  static async open(head: DatasetHead, shards: Shards): Promise<AtariEpisodes> {
    const transitions = new Map<bigint, Transition[]>();
    for (const at of shards.places) {
      const example = await readExample(shards, at);
      const id = decoded(example, 'episode_id', (feature) => integersOf(feature, 'uint64'))[0];
      const state = (when: 't' | 'tp1') => {
        const hash = createHash('sha1');
        for (const picture of decoded(example, `o_${when}`, bytesOf)) hash.update(picture);
        return hash.update(String(action(example, `a_${when}`))).digest('base64');
      };
      const discount = decoded(example, 'd_t', floatsOf)[0];
      const found = transitions.get(id) ?? [];
      transitions.set(id, found);
      found.push({ at, from: state('t'), to: state('tp1'), discount });
    }
    const ids: string[] = [];
    const chains: Transition[][] = [];
    for (const [id, links] of transitions) {
      const pieces = chainsOf(links);
      for (const [piece, chain] of pieces.entries()) {
        ids.push(pieces.length === 1 ? `episode ${id}` : `episode ${id} piece ${piece}`);
        chains.push(chain);
      }
    }
    const pieces = ids.length - transitions.size;
    const note = `some episodes lack transitions, and are read in pieces: ${pieces} more than there are episodes`;
    const notes = [
      ...head.notes,
      ...(pieces > 0 ? [note] : []),
      'its rewards are clipped, as they were recorded',
    ];
    const facts: DatasetHead['facts'] = [['records', `transitions of ${transitions.size} episodes`]];
    return new AtariEpisodes({ ...head, ids, facts, notes }, shards, chains);
  }

  async episode(index: number): Promise<Episode> {
    const chain = this.chains[index];
    const examples = await this.examplesOf(chain);
    const last = examples.at(-1)!;
    const frames = [...examples.map((example) => [example, 'o_t'] as const), [last, 'o_tp1'] as const];
    const { length } = chain;
    const values = Float32Array.from(examples, (example) => decoded(example, 'r_t', floatsOf)[0]);
    const score = decoded(last, 'episode_return', floatsOf)[0];
    return {
      ...(await this.outcome(index)),
      observations: new Map([['', await stacks(frames)]]),
      actions: new Map([
        [
          '',
          { dtype: 'int64', shape: [length], data: BigInt64Array.from(examples, (of) => action(of, 'a_t')) },
        ],
      ]),
      rewards: { dtype: 'float32', shape: [length], data: values },
      extras: async () =>
        new Map([
          [
            'd_t',
            { dtype: 'float32', shape: [length], data: Float32Array.from(chain, ({ discount }) => discount) },
          ],
        ]),
      metadata: new Map([['episode_return', score]]),
    };
  }

  /** A transition whose discount is 0 ended the game. Where it ends otherwise, what follows is not in the files. */
  async outcome(index: number): Promise<EpisodeOutcome> {
    const chain = this.chains[index];
    const terminated = Uint8Array.from(chain, ({ discount }) => (discount === 0 ? 1 : 0));
    const truncated = new Uint8Array(chain.length);
    truncated[chain.length - 1] = 1 - terminated[chain.length - 1];
    return {
      id: this.head.ids[index],
      seed: null,
      length: chain.length,
      hasFinalObservation: true,
      terminated,
      truncated,
      success: null,
    };
  }

  episodes(): AsyncIterable<Episode> {
    return inOrder(this);
  }

  learningRules(): LearningRules {
    return recordedRules(this.head.path);
  }

  close(): void {
    void this.shards.close();
  }

  /** The records of a chain, read file by file. */
  private async examplesOf(chain: readonly Transition[]): Promise<Example[]> {
    const examples = new Map<Transition, Example>();
    const inFiles = chain.toSorted((a, b) => (a.at.shard.path < b.at.shard.path ? -1 : 1));
    for (const transition of inFiles) examples.set(transition, await readExample(this.shards, transition.at));
    return chain.map((transition) => examples.get(transition)!);
  }
}

function action(example: Example, name: string): bigint {
  const [value] = decoded(example, name, (feature) => integersOf(feature, 'int64'));
  if (value === undefined) throw new UserError(`${example.place}: ${name} holds nothing`);
  return value;
}

/** Stacks of grey pictures, [rows, height, width, pictures]. */
async function stacks(frames: readonly (readonly [example: Example, name: string])[]): Promise<NumberColumn> {
  let shape: number[] | null = null;
  let data = new Uint8Array(0);
  for (const [row, [example, name]] of frames.entries()) {
    const place = `${example.place}: ${name}`;
    const pictures = decoded(example, name, bytesOf);
    if (!pictures.every(isPng) || pictures.length === 0)
      throw new UserError(`${place} holds no PNG pictures`);
    const { height, width } = pngSize(pictures[0]);
    if (shape === null) {
      shape = [height, width, pictures.length];
      checkFrames(place, height, width);
      data = new Uint8Array(frames.length * height * width * pictures.length);
    }
    const size = height * width * pictures.length;
    if (shape.join() !== [height, width, pictures.length].join()) {
      throw new UserError(`${place} has pictures of another size than the steps before`);
    }
    for (const [k, bytes] of pictures.entries()) {
      const picture = await decodePng(bytes, 1).catch((error: Error) => {
        throw new UserError(`${place} holds a picture that can't be decoded: ${error.message}`);
      });
      if (picture.data.length !== height * width)
        throw new UserError(`${place} has pictures of several sizes`);
      for (let i = 0; i < picture.data.length; i++)
        data[row * size + i * pictures.length + k] = picture.data[i];
    }
  }
  return { dtype: 'uint8', shape: [frames.length, ...shape!], data };
}

/** Refuses sizes that no game has, before memory is taken for them. */
function checkFrames(place: string, height: number, width: number): void {
  if (height > 0 && width > 0 && height <= 1024 && width <= 1024) return;
  throw new UserError(`${place} says a picture is of ${height} × ${width}: it is damaged`);
}
