import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { UndoLink, type Undo } from '#renderer/blocks/undo-link.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useExecute } from '#renderer/data/use-data.ts';

export interface CommandOptions {
  /** Shown once the change is saved on this computer. */
  readonly done?: string;
  /** The command that takes it back, offered beside `done` as long as it would. */
  readonly undo?: Undo;
}

/** The word on what was done last: the next one takes its place, so that many moves in a row leave no pile to read. */
const DONE = 'done';
const DONE_FOR_MS = 7000;
let doneCount = 0;
let isDoneShown = false;

/** Says what was done. */
export function showDone(
  notification: Omit<Parameters<typeof notifications.show>[0], 'id' | 'autoClose' | 'onClose'>,
): void {
  // A notification that is given other words keeps its time, unless that changes as well.
  doneCount += 1;
  const shown = { ...notification, id: DONE, autoClose: DONE_FOR_MS + (doneCount % 2) };
  if (isDoneShown) {
    notifications.update(shown);
    return;
  }
  isDoneShown = true;
  notifications.show({
    ...shown,
    onClose: () => {
      isDoneShown = false;
    },
  });
}

/** Runs a command for a screen: resolves with the record id, or with null after telling the user why it was refused. */
export function useCommand(): (
  command: string,
  input: unknown,
  options?: CommandOptions,
) => Promise<{ readonly recordId: string | null } | null> {
  const { t } = useTranslation();
  const execute = useExecute();
  const errorText = useErrorText();
  return useCallback(
    async (command, input, options = {}) => {
      const closeButtonProps = { 'aria-label': t('common.close') };

      function tellRefusal(error: unknown): void {
        const title = t('common.notSaved');
        notifications.show({ color: 'red', title, message: errorText(error), autoClose: 10_000, closeButtonProps });
      }

      function tellDone(done: string, undo: Undo | undefined): void {
        const link = undo === undefined ? null : <UndoLink key={doneCount} undo={undo} onUndo={() => takeBack(undo)} />;
        showDone({
          message: (
            <span>
              {done} {link}
            </span>
          ),
          closeButtonProps,
        });
        function takeBack({ command: name, input: values }: Undo): void {
          notifications.hide(DONE);
          execute(name, values).catch(tellRefusal);
        }
      }

      try {
        const outcome = await execute(command, input);
        if (options.done !== undefined) tellDone(options.done, options.undo);
        return { recordId: outcome.recordId };
      } catch (error) {
        tellRefusal(error);
        return null;
      }
    },
    [execute, errorText, t],
  );
}
