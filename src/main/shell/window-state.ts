// Where each window was, remembered over restarts and brought back onto a display that exists.
import { existsSync, readFileSync } from 'node:fs';
import { writeFileAtomically } from '#main/secrets/write-file-atomically.ts';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowPlace {
  readonly bounds: Rectangle;
  readonly isMaximized: boolean;
}

const LEAST = { width: 800, height: 600 };

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** The same bounds where they fit, otherwise moved and shrunk into the display they overlap most (the first when none). */
export function clampToDisplays(bounds: Rectangle, displays: readonly Rectangle[]): Rectangle {
  const [first] = displays;
  if (first === undefined) return bounds;
  let best = first;
  for (const display of displays) if (overlap(bounds, display) > overlap(bounds, best)) best = display;
  const width = Math.min(Math.max(bounds.width, Math.min(LEAST.width, best.width)), best.width);
  const height = Math.min(Math.max(bounds.height, Math.min(LEAST.height, best.height)), best.height);
  const x = Math.min(Math.max(bounds.x, best.x), best.x + best.width - width);
  const y = Math.min(Math.max(bounds.y, best.y), best.y + best.height - height);
  return { x, y, width, height };
}

function isPlace(value: unknown): value is WindowPlace {
  if (typeof value !== 'object' || value === null || !('bounds' in value)) return false;
  const { bounds } = value;
  if (typeof bounds !== 'object' || bounds === null) return false;
  return ['x', 'y', 'width', 'height'].every((key) => Number.isFinite((bounds as Record<string, unknown>)[key]));
}

export interface WindowPlaces {
  /** Null for a window that was never open. */
  find(key: string): WindowPlace | null;
  remember(key: string, place: WindowPlace): void;
}

export function openWindowPlaces(path: string): WindowPlaces {
  let places: Record<string, unknown> = {};
  if (existsSync(path)) {
    try {
      places = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    } catch {
      // A damaged list only costs the windows their places.
      places = {};
    }
  }
  return {
    find(key) {
      const place = places[key];
      return isPlace(place) ? place : null;
    },
    remember(key, place) {
      places = { ...places, [key]: place };
      writeFileAtomically(path, JSON.stringify(places));
    },
  };
}
