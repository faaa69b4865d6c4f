import type { BoxData } from './model_data.js';

/** The corners of a box, in the frame that its pose is given in; flat [8 × 3]. */
export function boxCorners({ pose: [px, py, pz, w, qx, qy, qz], halfSize }: BoxData): number[] {
  const corners: number[] = [];
  for (let corner = 0; corner < 8; corner++) {
    const x = corner & 4 ? halfSize[0] : -halfSize[0];
    const y = corner & 2 ? halfSize[1] : -halfSize[1];
    const z = corner & 1 ? halfSize[2] : -halfSize[2];
    const tx = 2 * (qy * z - qz * y);
    const ty = 2 * (qz * x - qx * z);
    const tz = 2 * (qx * y - qy * x);
    corners.push(
      px + x + w * tx + qy * tz - qz * ty,
      py + y + w * ty + qz * tx - qx * tz,
      pz + z + w * tz + qx * ty - qy * tx,
    );
  }
  return corners;
}
