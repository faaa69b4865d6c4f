import { expect, it } from 'vitest';
import { countOperations, roundProducts, spreadProducts } from '../../../scripts/bench/update_products.js';

const SIZES = { batchSize: 256, observationDim: 42, actionDim: 8, width: 256, numQs: 2, numMinQs: 2 };

it('counts the products of a critic step and of an actor step', () => {
  // Multiplications and additions of one row of the batch, per layer that is wide on both sides, and at the ends.
  const [wide, actorIn, actorOut, criticIn, criticOut] = [256 * 256, 42 * 256, 256 * 16, 50 * 256, 256];
  const actorForward = actorIn + 2 * wide + actorOut;
  const criticForward = criticIn + 2 * wide + criticOut;
  const criticStep = actorForward + 2 * criticForward + 2 * (3 * criticForward - criticIn);
  const actorStep = 3 * actorForward - actorIn + 2 * (criticForward + 2 * wide + criticOut + 256 * 8);
  const operations = (rounds: number) => 2 * 256 * (rounds * criticStep + actorStep);
  expect(countOperations(roundProducts(SIZES, 1))).toBe(operations(1));
  expect(countOperations(roundProducts(SIZES, 16))).toBe(operations(16));
});

it('spreads products evenly and loses none', () => {
  const products = roundProducts(SIZES, 1);
  const shares = spreadProducts(products, 3);
  expect(shares.flat().sort(byJson)).toEqual([...products].sort(byJson));
  const operations = shares.map(countOperations);
  expect(Math.max(...operations) / Math.min(...operations)).toBeLessThan(1.05);
});

function byJson(a: object, b: object): number {
  return JSON.stringify(a).localeCompare(JSON.stringify(b));
}
