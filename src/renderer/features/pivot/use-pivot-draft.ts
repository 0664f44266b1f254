// The pivot on the screen: kept like the filters of a list, so that it is there again after another screen and after a
// restart. Each change can be taken back for as long as the screen stands.
import { useWindowEvent } from '@mantine/hooks';
import { useCallback, useState } from 'react';
import { useAppDispatch, useAppSelector } from '#renderer/app/store/store.ts';
import { pivotViewChanged } from '#renderer/app/store/view-slice.ts';
import { undoKey } from '#renderer/blocks/undo-key.ts';
import { firstSpec } from '#shared/analytics/edit-spec.ts';
import { plainLook, readLook, type PivotLook } from '#shared/analytics/pivot-look.ts';
import { isPivotSpec } from '#shared/analytics/check-pivot.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';

export interface PivotDraft {
  readonly reportId: string | null;
  readonly spec: PivotSpec;
  readonly look: PivotLook;
}

export interface DraftControl {
  readonly draft: PivotDraft;
  readonly change: (part: Partial<PivotDraft>) => void;
  readonly undo: (() => void) | null;
  readonly redo: (() => void) | null;
}

const MOST_STEPS = 100;

interface Steps {
  readonly past: readonly PivotDraft[];
  readonly future: readonly PivotDraft[];
}

export function usePivotDraft(isKnown: (path: string) => boolean): DraftControl {
  const dispatch = useAppDispatch();
  const kept = useAppSelector((state) => state.view.pivot);
  const [steps, setSteps] = useState<Steps>({ past: [], future: [] });
  const draft: PivotDraft =
    kept !== null && isPivotSpec(kept.spec)
      ? { reportId: kept.reportId, spec: kept.spec, look: readLook(kept.look) }
      : { reportId: null, spec: firstSpec(isKnown), look: plainLook };
  const show = useCallback(
    (next: PivotDraft) =>
      void dispatch(pivotViewChanged({ reportId: next.reportId, spec: next.spec, look: next.look })),
    [dispatch],
  );
  const { past, future } = steps;
  const before = past.at(-1);
  const after = future[0];
  const undo =
    before === undefined
      ? null
      : () => {
          setSteps({ past: past.slice(0, -1), future: [draft, ...future] });
          show(before);
        };
  const redo =
    after === undefined
      ? null
      : () => {
          setSteps({ past: [...past, draft], future: future.slice(1) });
          show(after);
        };
  useWindowEvent('keydown', (event) => {
    const asked = undoKey(event);
    // A message that offers to take something back is nearer: it goes away by itself.
    if (asked === null || document.querySelector('[data-offers-undo]') !== null) return;
    event.preventDefault();
    (asked === 'undo' ? undo : redo)?.();
  });
  return {
    draft,
    change(part) {
      setSteps({ past: [...past, draft].slice(-MOST_STEPS), future: [] });
      show({ ...draft, ...part });
    },
    undo,
    redo,
  };
}
