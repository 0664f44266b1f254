// Who uses the database next. Many devices that read pages at once (after a change of rights, after an outage) must not
// hold up the edit of one person: long reads are patient, everything else passes them. Not for ever: after some of the
// others it is a patient one's turn, so that nobody starves.
import { AsyncLocalStorage } from 'node:async_hooks';

/** So many others may pass in a row while a patient one waits. */
const MOST_PASSING = 4;

export interface Turns {
  /** Runs `work` when it is its turn. */
  take<Value>(isPatient: boolean, work: () => Promise<Value>): Promise<Value>;
}

/** `places`: how many run at once; `forPatient`: how many of these patient ones may have. */
export function createTurns(places: number, forPatient: number): Turns {
  const hurried: (() => Promise<void>)[] = [];
  const patient: (() => Promise<void>)[] = [];
  let running = 0;
  let patientRunning = 0;
  let passed = 0;

  function choose(): { readonly work: () => Promise<void>; readonly isPatient: boolean } | null {
    const mayBePatient = patient.length > 0 && patientRunning < forPatient;
    const isPatient = mayBePatient && (hurried.length === 0 || passed >= MOST_PASSING);
    const work = (isPatient ? patient : hurried).shift();
    if (work === undefined) return null;
    passed = isPatient || patient.length === 0 ? 0 : passed + 1;
    return { work, isPatient };
  }

  function goOn(): void {
    while (running < places) {
      const next = choose();
      if (next === null) return;
      running += 1;
      if (next.isPatient) patientRunning += 1;
      void next.work().then(() => {
        running -= 1;
        if (next.isPatient) patientRunning -= 1;
        goOn();
      });
    }
  }

  return {
    take: (isPatient, work) =>
      new Promise((resolve, reject) => {
        // What is known of whoever asked (the trace it belongs to) goes along, not what is known of who had the turn before.
        const asAsked = AsyncLocalStorage.snapshot();
        (isPatient ? patient : hurried).push(() => asAsked(work).then(resolve, reject));
        goOn();
      }),
  };
}
