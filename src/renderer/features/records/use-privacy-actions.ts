// What an administrator can do for a person who asks about their own data. The server does it, at once and only online: a
// request that waits in a journal would be a promise nobody can check.
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { pathOfList } from '#renderer/blocks/record-paths.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { saveTextFile } from '#renderer/blocks/save-text-file.ts';
import { mayErasePersons, mayExportPersons } from '#shared/access/privacy.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';

export interface PrivacyActions {
  readonly mayExport: boolean;
  readonly mayErase: boolean;
  exportPerson(): Promise<void>;
  /** True when it is done. */
  erasePerson(): Promise<boolean>;
}

export function usePrivacyActions(definition: EntityDefinition, id: string): PrivacyActions {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const navigate = useNavigate();
  const actor = useAppSelector((state) =>
    state.device.session?.status === 'signedIn' ? state.device.session.actor : null,
  );
  const entity = definition.name === 'contact' || definition.name === 'lead' ? definition.name : null;
  const closeButtonProps = { 'aria-label': t('common.close') };

  function tellRefusal(error: unknown): void {
    notifications.show({ color: 'red', message: errorText(error), autoClose: 10_000, closeButtonProps });
  }

  return {
    mayExport: entity !== null && actor !== null && mayExportPersons(actor),
    mayErase: entity !== null && actor !== null && mayErasePersons(actor),
    async exportPerson() {
      if (entity === null) return;
      try {
        const found = await invokeMain(getBridge(), 'privacy.export', { entity, id });
        const file = `person-${id}.json`;
        saveTextFile(file, 'application/json', `${JSON.stringify(found, null, 1)}\n`);
        notifications.show({ message: t('privacy.exported', { file }), autoClose: 7000, closeButtonProps });
      } catch (error) {
        tellRefusal(error);
      }
    },
    async erasePerson() {
      if (entity === null) return false;
      try {
        const { erased, unlinked } = await invokeMain(getBridge(), 'privacy.erase', { entity, id });
        notifications.show({ message: t('privacy.done', { erased, unlinked }), autoClose: 10_000, closeButtonProps });
        void navigate(pathOfList(entity) ?? '/home');
        return true;
      } catch (error) {
        tellRefusal(error);
        return false;
      }
    },
  };
}
