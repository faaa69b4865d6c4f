import type { Spread } from './spread.js';

/** Differences at the end of short pieces. */
export interface PieceFigures {
  /** mm after 5 steps, where the robot touches nothing. */
  untouched: Spread;
  /** mm, where the robot touches an object within the five steps. */
  touchedOneStep: Spread;
  touched: Spread;
  /** Degrees. */
  rotation: Spread;
  /** Radians of the arm, metres of the fingers. */
  qpos: Spread;
  /** m/s between the velocities of the fingers, where the robot touches nothing. */
  fingers: Spread;
  pieces: number;
  /** Pieces after whose five steps the success differs. */
  successDiffers: number;
}

/**
 * ManiSkill's differences from itself: short pieces replayed in ManiSkill 3.0.1 (SAPIEN 3.0.3, `physx_cpu`,
 * `pd_joint_delta_pos`) from the states of a recording of its own. A state has no contact caches and friction anchors, hence
 * what is left. Nothing less can be asked of another simulator. PickCube-v1 was not measured.
 */
export const MANISKILL_FIGURES: Readonly<Record<string, PieceFigures>> = {
  'PushCube-v1': {
    untouched: [0.00051, 0.00054, 0.00058],
    touchedOneStep: [0.018, 0.32, 1.5],
    touched: [0.036, 0.77, 4.1],
    rotation: [0.028, 0.34, 4.2],
    qpos: [1.3e-5, 0.00084, 0.0092],
    fingers: [4.3e-6, 1.2e-5, 9.2e-5],
    pieces: 147,
    successDiffers: 1,
  },
  'PullCube-v1': {
    untouched: [0.00051, 0.00055, 0.00058],
    touchedOneStep: [0.0084, 0.19, 0.67],
    touched: [0.066, 0.74, 4.5],
    rotation: [0, 0.56, 4.2],
    qpos: [1.3e-5, 0.00049, 0.006],
    fingers: [3.7e-6, 1.4e-5, 9.2e-5],
    pieces: 145,
    successDiffers: 0,
  },
  'StackCube-v1': {
    untouched: [0.00051, 0.00071, 0.024],
    touchedOneStep: [0.087, 0.38, 0.4],
    touched: [0.15, 0.39, 4],
    rotation: [0.3, 0.5, 9.4],
    qpos: [1.5e-5, 6.2e-5, 0.0002],
    fingers: [1.2e-7, 2.2e-5, 5.9e-5],
    pieces: 199,
    successDiffers: 2,
  },
  'StackPyramid-v1': {
    untouched: [0.00052, 0.00064, 0.0071],
    touchedOneStep: [0.088, 0.46, 1.1],
    touched: [0.15, 0.66, 1.5],
    rotation: [0.28, 1.1, 3],
    qpos: [1e-5, 0.00041, 0.00091],
    fingers: [2.9e-6, 2e-5, 4.6e-5],
    pieces: 269,
    successDiffers: 0,
  },
  'LiftPegUpright-v1': {
    untouched: [0.00069, 0.0018, 0.04],
    touchedOneStep: [0.21, 2.2, 3.7],
    touched: [0.2, 2.1, 5.4],
    rotation: [0.12, 1.2, 3.1],
    qpos: [2.5e-5, 0.00012, 0.00053],
    fingers: [2.2e-6, 1.1e-5, 7.1e-5],
    pieces: 287,
    successDiffers: 0,
  },
  'PegInsertionSide-v1': {
    untouched: [0.00043, 0.00071, 0.00074],
    touchedOneStep: [0.26, 0.34, 1.2],
    touched: [0.27, 0.46, 36],
    rotation: [0.26, 0.34, 4.8],
    qpos: [3.7e-5, 0.00051, 0.026],
    fingers: [1.3e-7, 1.8e-5, 1.2e-4],
    pieces: 342,
    successDiffers: 0,
  },
  'PlugCharger-v1': {
    untouched: [0.00037, 0.00075, 0.0088],
    touchedOneStep: [0.14, 0.8, 4.6],
    touched: [0.15, 0.8, 12],
    rotation: [0.28, 0.72, 4.2],
    qpos: [4.6e-5, 0.00018, 0.014],
    fingers: [1.2e-7, 9.9e-6, 0.25],
    pieces: 387,
    successDiffers: 0,
  },
  'PlaceSphere-v1': {
    untouched: [2.6e-5, 0.00027, 29],
    touchedOneStep: [0.0054, 0.0064, 0.014],
    touched: [0.0056, 0.0069, 0.075],
    rotation: [0, 0.04, 0.51],
    qpos: [6.6e-7, 1.2e-6, 2.6e-6],
    fingers: [6.3e-8, 1.2e-5, 0.0011],
    pieces: 220,
    successDiffers: 0,
  },
  'PokeCube-v1': {
    untouched: [0.00068, 0.0007, 0.00072],
    touchedOneStep: [0.04, 0.075, 0.27],
    touched: [0.056, 0.39, 0.7],
    rotation: [0.033, 0.14, 0.51],
    qpos: [1.2e-5, 0.00042, 0.00071],
    fingers: [7.4e-8, 8.9e-6, 1.9e-5],
    pieces: 121,
    successDiffers: 0,
  },
  'RollBall-v1': {
    untouched: [6.7e-5, 0.00029, 24],
    touchedOneStep: [7.7e-5, 0.026, 0.07],
    touched: [0.0061, 0.15, 56],
    rotation: [0.008, 0.28, 88],
    qpos: [1e-6, 0.00019, 0.038],
    fingers: [1.5e-6, 2e-5, 2.1e-4],
    pieces: 172,
    successDiffers: 0,
  },
  'PullCubeTool-v1': {
    untouched: [0.00046, 0.00071, 3],
    touchedOneStep: [0.71, 0.89, 3.5],
    touched: [3.3, 4.5, 9.4],
    rotation: [7.3, 15, 17],
    qpos: [0.00032, 0.00062, 0.0037],
    fingers: [9.3e-7, 4.4e-5, 4.8e-4],
    pieces: 378,
    successDiffers: 0,
  },
  'PushT-v1': {
    untouched: [5.3e-5, 8.9e-5, 0.014],
    touchedOneStep: [0.014, 0.79, 3.2],
    touched: [0.12, 6.9, 24],
    rotation: [0.021, 2.8, 8.4],
    qpos: [0.00014, 0.0046, 0.041],
    fingers: [NaN, NaN, NaN],
    pieces: 234,
    successDiffers: 0,
  },
  'TwoRobotPickCube-v1': {
    untouched: [0.00049, 0.00057, 0.0024],
    touchedOneStep: [0.026, 0.34, 1.9],
    touched: [0.056, 0.37, 1.1],
    rotation: [0.065, 0.36, 0.76],
    qpos: [2.5e-7, 2.2e-5, 0.0011],
    fingers: [3e-6, 1.8e-5, 1.9e-4],
    pieces: 195,
    successDiffers: 0,
  },
};
