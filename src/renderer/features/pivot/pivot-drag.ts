// What is carried while a pivot is put together by mouse: a field of the list, or an item of a zone.
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import type { DragLocation } from '@atlaskit/pragmatic-drag-and-drop/types';
import { useEffect, useRef, useState, type RefObject } from 'react';
import type { Place } from '#shared/analytics/edit-spec.ts';

export type Carried = { readonly field: string } | { readonly from: Place };

const KEY = 'outpost-pivot';

function toCarried(data: Readonly<Record<string | symbol, unknown>>): Carried | null {
  return (data[KEY] as Carried | undefined) ?? null;
}

export function useDraggable(carried: Carried): {
  readonly element: RefObject<HTMLDivElement | null>;
  readonly isDragging: boolean;
} {
  const element = useRef<HTMLDivElement>(null);
  const [isDragging, setDragging] = useState(false);
  const latest = useRef(carried);
  latest.current = carried;
  useEffect(() => {
    if (element.current === null) return;
    return draggable({
      element: element.current,
      getInitialData: () => ({ [KEY]: latest.current }),
      onDragStart: () => setDragging(true),
      onDrop: () => setDragging(false),
    });
  }, []);
  return { element, isDragging };
}

/** Which half of a target the pointer is over; null when it is not over it. */
export type Half = 'before' | 'after';

/** `onDrop` is called for the innermost target only. */
export function useDropTarget(
  element: RefObject<HTMLElement | null>,
  accepts: (carried: Carried) => boolean,
  onDrop: (carried: Carried, half: Half) => void,
): Half | null {
  const [half, setHalf] = useState<Half | null>(null);
  const latest = useRef({ accepts, onDrop });
  latest.current = { accepts, onDrop };
  useEffect(() => {
    if (element.current === null) return;
    return dropTargetForElements({
      element: element.current,
      canDrop: ({ source }) => {
        const carried = toCarried(source.data);
        return carried !== null && latest.current.accepts(carried);
      },
      onDrag: ({ location, self }) => setHalf(halfOf(location.current, self.element)),
      onDropTargetChange: ({ location, self }) => setHalf(halfOf(location.current, self.element)),
      onDragLeave: () => setHalf(null),
      onDrop: ({ source, location, self }) => {
        setHalf(null);
        const carried = toCarried(source.data);
        const at = halfOf(location.current, self.element);
        if (carried !== null && at !== null) latest.current.onDrop(carried, at);
      },
    });
  }, [element]);
  return half;
}

function halfOf({ dropTargets, input }: DragLocation, element: Element): Half | null {
  if (dropTargets[0]?.element !== element) return null;
  const { top, height } = element.getBoundingClientRect();
  return input.clientY < top + height / 2 ? 'before' : 'after';
}
