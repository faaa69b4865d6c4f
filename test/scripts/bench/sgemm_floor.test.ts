import { InferenceSession } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { operandValues, SgemmFloor, sgemmModel } from '../../../scripts/bench/sgemm_floor.js';
import { type Product, roundProducts } from '../../../scripts/bench/update_products.js';

const SIZES = { batchSize: 8, observationDim: 5, actionDim: 2, width: 16, numQs: 2, numMinQs: 2 };
const products = roundProducts(SIZES, 2);

it('computes every product', async () => {
  const session = await InferenceSession.create(sgemmModel(products), { graphOptimizationLevel: 'disabled' });
  const { total } = await session.run({});
  await session.release();
  expect(total.dims).toEqual([1, 1]);
  const sum = products.reduce((corners, product) => corners + firstElement(product), 0);
  expect(total.data[0]).toBeCloseTo(sum, 4);
});

it('runs its threads as often as asked, again and again', async () => {
  const floor = await SgemmFloor.create(products, 2);
  for (const times of [1, 3]) await expect(floor.run(times)).resolves.toBeUndefined();
  await floor.dispose();
});

function firstElement({ rows, inner, columns, transA, transB }: Product): number {
  const a = operandValues([rows, inner]);
  const b = operandValues([inner, columns]);
  let sum = 0;
  for (let k = 0; k < inner; k++) sum += a[transA ? k * rows : k] * b[transB ? k : k * columns];
  return sum;
}
