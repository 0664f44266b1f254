// How another organization looks. Its own administrators can change it as well; both find what the other kept.
import { Alert, Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BrandFields, brandOfDraft, draftOf, emptyDraft } from '#renderer/blocks/brand/brand-fields.tsx';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { askPlatform, useDoing, usePlatform } from '#renderer/features/platform/use-platform.ts';
import type { Brand } from '#shared/brand/brand.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import type { PlatformOrganization } from '#shared/platform/platform-messages.ts';
import classes from './platform.module.css';

interface LookDialogProps {
  readonly organization: PlatformOrganization;
  readonly onClose: () => void;
  /** It was done, in words. */
  readonly onDone: (said: string) => void;
}

export function LookDialog(props: LookDialogProps) {
  const { organization, onClose } = props;
  const { t } = useTranslation();
  const { answer, error } = usePlatform('readBrand', { id: organization.id });
  if (answer !== null) return <LookForm {...props} kept={answer} />;
  return (
    <FormDialog isOpen title={titleOf(t, organization)} isTyped={false} onClose={onClose}>
      {() =>
        error === null ? null : (
          <Alert color="yellow" role="alert">
            {error}
          </Alert>
        )
      }
    </FormDialog>
  );
}

function titleOf(t: ReturnType<typeof useTranslation>['t'], { name }: PlatformOrganization): string {
  return t('platform.organizations.lookOf', { name });
}

function LookForm({ organization, kept, onClose, onDone }: LookDialogProps & { readonly kept: Brand }) {
  const { t } = useTranslation();
  const doing = useDoing();
  const [draft, setDraft] = useState(draftOf(kept));
  const { id, name } = organization;
  const wanted = brandOfDraft(draft);
  const isChanged = !isJsonEqual(draft, draftOf(kept));

  async function save(): Promise<void> {
    if (wanted === null) return;
    const isDone = await doing.run(() => askPlatform('setBrand', { id, ...wanted }), '');
    if (isDone) onDone(t('platform.organizations.lookSaved', { name }));
  }

  return (
    <FormDialog isOpen title={titleOf(t, organization)} isTyped={isChanged} onClose={onClose}>
      {(cancel) => (
        <Stack gap="md">
          {doing.error === null ? null : (
            <Alert color="yellow" role="alert">
              {doing.error}
            </Alert>
          )}
          <p className={classes.muted}>{t('platform.organizations.lookText')}</p>
          <div>
            <BrandFields draft={draft} usualName={name} onChange={setDraft} />
          </div>
          <Group justify="space-between">
            {isJsonEqual(draft, emptyDraft) ? (
              <span />
            ) : (
              <Button variant="subtle" color="gray" onClick={() => setDraft(emptyDraft)}>
                {t('settings.brand.reset')}
              </Button>
            )}
            <Group gap="xs">
              <Button variant="default" onClick={cancel}>
                {t('common.cancel')}
              </Button>
              <Button loading={doing.isBusy} disabled={wanted === null || !isChanged} onClick={() => void save()}>
                {t('common.save')}
              </Button>
            </Group>
          </Group>
        </Stack>
      )}
    </FormDialog>
  );
}
