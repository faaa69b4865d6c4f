import { describe, expect, it } from 'vitest';
import { type PartSize, splitPlaces } from '../../../../src/datasets/views/split.js';
import { partPath } from '../../../../src/datasets/views/split_dataset.js';
import { namedStream } from '../../../../src/rng.js';

const sizes = (parts: Record<string, PartSize>) => new Map(Object.entries(parts));
const counts = (episodes: number, parts: Record<string, PartSize>) =>
  [...splitPlaces(episodes, sizes(parts), null).values()].map(({ length }) => length);

describe('the parts of a dataset', () => {
  it('have each episode once, by chance and by the seed', () => {
    const split = (seed: number) =>
      splitPlaces(100, sizes({ train: 0.7, valid: 0.3 }), namedStream(seed, 'split-episodes'));
    const [train, valid] = split(3).values();
    expect([...train, ...valid].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect([train.length, valid.length]).toEqual([70, 30]);
    expect(train).toEqual(train.toSorted((a, b) => a - b));
    expect(split(3)).toEqual(split(3));
    expect(split(4)).not.toEqual(split(3));
  });

  it('are taken in order where no random numbers are given', () => {
    expect(splitPlaces(5, sizes({ a: 2, b: 'rest' }), null)).toEqual(
      new Map([
        ['a', [0, 1]],
        ['b', [2, 3, 4]],
      ]),
    );
  });

  it('have whole numbers of episodes that make up all', () => {
    expect(counts(10, { a: 0.7, b: 0.3 })).toEqual([7, 3]);
    expect(counts(10, { a: 0.33, b: 0.33, c: 0.34 })).toEqual([3, 3, 4]);
    expect(counts(7, { a: 0.5, b: 0.25, c: 'rest' })).toEqual([3, 2, 2]);
    expect(counts(10, { a: 9, b: 1 })).toEqual([9, 1]);
  });

  it('are refused where they do not make up all, or one has none', () => {
    expect(() => counts(10, { a: 0.7, b: 0.2 })).toThrow(
      'the shares add up to 0.9; expected 1; one part can be the rest',
    );
    expect(() => counts(10, { a: 0.7, b: 0.4 })).toThrow('the shares add up to 1.1; expected 1');
    expect(() => counts(10, { a: 9, b: 2 })).toThrow('the parts add up to 11; expected 10');
    expect(() => counts(10, { a: 0.5, b: 5 })).toThrow('not both');
    expect(() => counts(10, { a: 'rest', b: 'rest' })).toThrow("a and b can't both be the rest");
    expect(() => counts(3, { a: 0.9, b: 0.1 })).toThrow('b would have none of the 3 episodes');
  });
});

it('the name of a part comes before the ending of a path, or its version', () => {
  expect(partPath('demos/pick.h5', 'train')).toBe('demos/pick-train.h5');
  expect(partPath('demos/pick.v2.hdf5', 'train')).toBe('demos/pick.v2-train.hdf5');
  expect(partPath('demos/pick-v0', 'train')).toBe('demos/pick-train-v0');
  expect(partPath('demos/pick', 'train')).toBe('demos/pick-train');
});
