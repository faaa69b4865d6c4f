import { createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';

const BACKGROUND = '#14181d';
const VEIL = 'rgba(20, 24, 29, 0.45)';

/** Pictures side by side, in as many columns as rows or one more. */
export class Mosaic {
  /** Pixels of the whole picture; even numbers, as 4:2:0 video needs. */
  readonly width: number;
  readonly height: number;
  private readonly columns: number;
  private readonly context: SKRSContext2D;
  /** The pixels of a tile; kept, because making them costs more than showing them. */
  private readonly picture: ImageData;

  constructor(
    tiles: number,
    private readonly tileSize: number,
  ) {
    this.columns = Math.ceil(Math.sqrt(tiles));
    this.picture = new ImageData(tileSize, tileSize);
    this.width = even(this.columns * tileSize);
    this.height = even(Math.ceil(tiles / this.columns) * tileSize);
    this.context = createCanvas(this.width, this.height).getContext('2d');
    this.context.fillStyle = BACKGROUND;
    this.context.fillRect(0, 0, this.width, this.height);
  }

  /** Shows `rgba` [tileSize, tileSize, 4] in a tile; `decorate` draws over it, and nowhere else, the tile's corner being its origin. */
  show(tile: number, rgba: Uint8ClampedArray, decorate: (context: SKRSContext2D) => void): void {
    const { x, y } = this.corner(tile);
    this.picture.data.set(rgba);
    this.context.putImageData(this.picture, x, y);
    this.inTile(tile, decorate);
  }

  /** Darkens a tile, to say that what it shows is over. */
  darken(tile: number): void {
    this.inTile(tile, (context) => {
      context.fillStyle = VEIL;
      context.fillRect(0, 0, this.tileSize, this.tileSize);
    });
  }

  /** RGBA [height, width, 4] of all tiles; a copy. */
  pixels(): Uint8ClampedArray {
    return this.context.getImageData(0, 0, this.width, this.height).data;
  }

  private inTile(tile: number, draw: (context: SKRSContext2D) => void): void {
    const { x, y } = this.corner(tile);
    this.context.save();
    this.context.translate(x, y);
    this.context.beginPath();
    this.context.rect(0, 0, this.tileSize, this.tileSize);
    this.context.clip();
    draw(this.context);
    this.context.restore();
  }

  private corner(tile: number): { x: number; y: number } {
    return { x: (tile % this.columns) * this.tileSize, y: Math.floor(tile / this.columns) * this.tileSize };
  }
}

function even(pixels: number): number {
  return pixels + (pixels % 2);
}
