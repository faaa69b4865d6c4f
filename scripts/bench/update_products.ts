/**
 * The product C [rows, columns] = A · B over `inner`; the same operands are stored transposed as in the real update.
 */
export interface Product {
  rows: number;
  inner: number;
  columns: number;
  transA: 0 | 1;
  transB: 0 | 1;
}

export interface NetworkSizes {
  batchSize: number;
  observationDim: number;
  actionDim: number;
  width: number;
  numQs: number;
  numMinQs: number;
}

/**
 * The matrix products that no implementation of RLPD can avoid in a round of `actorUpdateFreq` critic steps and an actor
 * step; everything elementwise is left out.
 * With forward = the layers' products, weights = one product per layer for the kernel's gradient, and inputs = one per
 * layer for the gradient of its input:
 * critic step: the actor's forward and numMinQs target critics' forward; per critic forward, weights, and inputs of
 * all layers but the first. Actor step: the actor's forward, weights, and inputs of all but the first; per critic
 * forward and inputs, of the first layer only the action's columns.
 */
export function roundProducts(sizes: NetworkSizes, actorUpdateFreq: number): Product[] {
  const { batchSize, observationDim, actionDim, width, numQs, numMinQs } = sizes;
  const actor = [observationDim, width, width, width, 2 * actionDim];
  const critic = [observationDim + actionDim, width, width, width, 1];
  const forward = (widths: number[]) =>
    layers(widths, (inputs, outputs) => product(batchSize, inputs, outputs, 0, 0));
  const weights = (widths: number[]) =>
    layers(widths, (inputs, outputs) => product(inputs, batchSize, outputs, 1, 0));
  const inputs = (widths: number[]) =>
    layers(widths, (into, outputs) => product(batchSize, outputs, into, 0, 1));
  const actionColumns = product(batchSize, width, actionDim, 0, 1);
  const criticStep = [
    ...forward(actor),
    ...repeat(numMinQs, forward(critic)),
    ...repeat(numQs, [...forward(critic), ...weights(critic), ...inputs(critic).slice(1)]),
  ];
  const actorStep = [
    ...forward(actor),
    ...weights(actor),
    ...inputs(actor).slice(1),
    ...repeat(numQs, [...forward(critic), actionColumns, ...inputs(critic).slice(1)]),
  ];
  return [...repeat(actorUpdateFreq, criticStep), ...actorStep];
}

/** Floating-point operations: a multiplication and an addition per element of the inner dimension. */
export function countOperations(products: readonly Product[]): number {
  return products.reduce((total, { rows, inner, columns }) => total + 2 * rows * inner * columns, 0);
}

/** Deals the products out to this many threads so that each has about as many operations: the largest ones first. */
export function spreadProducts(products: readonly Product[], threads: number): Product[][] {
  const shares = Array.from({ length: threads }, () => ({ products: [] as Product[], operations: 0 }));
  const operations = (product: Product) => countOperations([product]);
  for (const product of products.toSorted((a, b) => operations(b) - operations(a))) {
    const lightest = shares.reduce((least, share) => (share.operations < least.operations ? share : least));
    lightest.products.push(product);
    lightest.operations += operations(product);
  }
  return shares.map((share) => share.products);
}

function layers(widths: readonly number[], make: (inputs: number, outputs: number) => Product): Product[] {
  return widths.slice(1).map((outputs, layer) => make(widths[layer], outputs));
}

function product(rows: number, inner: number, columns: number, transA: 0 | 1, transB: 0 | 1): Product {
  return { rows, inner, columns, transA, transB };
}

function repeat<T>(count: number, items: readonly T[]): T[] {
  return Array.from({ length: count }, () => items).flat();
}
