import { useEffect, useState } from 'react';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { DoctorSnapshot } from '#shared/doctor/snapshot.ts';

/** Sizes and the state of a running exchange change without an announcement. */
const LOOK_AGAIN_MS = 2_000;

interface Picture {
  readonly snapshot: DoctorSnapshot | null;
  readonly error: string | null;
}

/** The newest picture the main process gives: after every step of the engine, and now and then. */
export function useSnapshot(): Picture {
  const errorText = useErrorText();
  const [picture, setPicture] = useState<Picture>({ snapshot: null, error: null });
  useEffect(() => {
    let isStopped = false;
    let isAsking = false;
    const read = (): void => {
      if (isAsking) return;
      isAsking = true;
      invokeMain(getBridge(), 'doctor.snapshot', {})
        .then(
          (snapshot) => {
            if (!isStopped) setPicture({ snapshot, error: null });
          },
          (failure: unknown) => {
            if (!isStopped) setPicture({ snapshot: null, error: errorText(failure) });
          },
        )
        .finally(() => {
          isAsking = false;
        });
    };
    read();
    const stop = getBridge().on('sync.changed', read);
    const timer = setInterval(read, LOOK_AGAIN_MS);
    return () => {
      isStopped = true;
      stop();
      clearInterval(timer);
    };
  }, [errorText]);
  return picture;
}
