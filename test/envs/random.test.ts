import { describe, expect, it } from 'vitest';
import { hashSeed, RandomStream } from '../../envs/random.js';
import { namedStream } from '../../src/rng.js';

const draws = (stream: RandomStream, count: number) => Array.from({ length: count }, () => stream.uniform());

describe('RandomStream', () => {
  it('repeats itself for a seed and differs between seeds', () => {
    expect(draws(new RandomStream(5), 8)).toEqual(draws(new RandomStream(5), 8));
    expect(draws(new RandomStream(5), 8)).not.toEqual(draws(new RandomStream(6), 8));
  });

  it('follows the xoshiro128** recurrence (values from a Python implementation) for the state 1, 2, 3, 4', () => {
    const stream = new RandomStream(0);
    stream.setState([1, 2, 3, 4]);
    expect(Array.from({ length: 5 }, () => stream.bits())).toEqual([11520, 0, 5927040, 70819200, 2031721883]);
  });

  it('continues exactly from a saved state', () => {
    const stream = new RandomStream(1);
    draws(stream, 10);
    const state = stream.getState();
    const expected = draws(stream, 10);
    const other = new RandomStream(99);
    other.setState(state);
    expect(draws(other, 10)).toEqual(expected);
  });

  it('draws uniform and normal numbers with the right moments', () => {
    const stream = new RandomStream(3);
    const normals = new Float32Array(100_001);
    stream.fillNormal(normals);
    const mean = normals.reduce((sum, value) => sum + value, 0) / normals.length;
    const variance = normals.reduce((sum, value) => sum + (value - mean) ** 2, 0) / normals.length;
    const fourth =
      normals.reduce((sum, value) => sum + (value - mean) ** 4, 0) / normals.length / variance ** 2;
    expect(Math.abs(mean)).toBeLessThan(0.015);
    expect(Math.abs(variance - 1)).toBeLessThan(0.02);
    expect(Math.abs(fourth - 3)).toBeLessThan(0.1);
    const uniforms = draws(stream, 100_000);
    expect(Math.min(...uniforms)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniforms)).toBeLessThan(1);
    expect(Math.abs(uniforms.reduce((sum, value) => sum + value, 0) / 100_000 - 0.5)).toBeLessThan(0.005);
  });

  it('chooses distinct items, each equally often', () => {
    const stream = new RandomStream(4);
    const counts = new Array<number>(5).fill(0);
    for (let i = 0; i < 10_000; i++) {
      const chosen = stream.choose(2, 5);
      expect(new Set(chosen).size).toBe(2);
      for (const item of chosen) counts[item]++;
    }
    for (const count of counts) expect(Math.abs(count - 4000)).toBeLessThan(200);
    expect(() => stream.choose(3, 2)).toThrow(RangeError);
  });
});

describe('seeds', () => {
  it('hash without collisions over a grid of seeds and indices', () => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 300; seed++) for (let i = 0; i < 300; i++) seen.add(hashSeed(seed, i));
    expect(seen.size).toBeGreaterThan(90_000 - 5);
  });

  it('give unrelated streams under different names', () => {
    expect(namedStream(1, 'agent-noise').uniform()).not.toBe(namedStream(1, 'agent-init').uniform());
    expect(namedStream(1, 'agent-noise').uniform()).toBe(namedStream(1, 'agent-noise').uniform());
  });
});
