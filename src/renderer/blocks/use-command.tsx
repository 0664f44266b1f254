import { Anchor } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useExecute } from '#renderer/data/use-data.ts';

export interface CommandOptions {
  /** Shown once the change is saved on this computer. */
  readonly done?: string;
  /** The command that takes it back, offered beside `done`. */
  readonly undo?: { readonly command: string; readonly input: unknown };
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
      try {
        const outcome = await execute(command, input);
        if (options.done !== undefined) {
          const id = notifications.show({
            message: (
              <span>
                {options.done}{' '}
                {options.undo === undefined ? null : (
                  <Anchor
                    component="button"
                    size="sm"
                    onClick={() => {
                      notifications.hide(id);
                      if (options.undo !== undefined) void execute(options.undo.command, options.undo.input);
                    }}
                  >
                    {t('common.undo')}
                  </Anchor>
                )}
              </span>
            ),
            autoClose: 7000,
            closeButtonProps: { 'aria-label': t('common.close') },
          });
        }
        return { recordId: outcome.recordId };
      } catch (error) {
        notifications.show({
          color: 'red',
          title: t('common.notSaved'),
          message: errorText(error),
          autoClose: 10_000,
          closeButtonProps: { 'aria-label': t('common.close') },
        });
        return null;
      }
    },
    [execute, errorText, t],
  );
}
