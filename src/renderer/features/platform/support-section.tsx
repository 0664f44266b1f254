import { Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AccessTable } from '#renderer/blocks/support-table.tsx';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import { Handover } from '#renderer/features/platform/found-dialog.tsx';
import { OpenSupportForm } from '#renderer/features/platform/open-support-form.tsx';
import { Section } from '#renderer/features/platform/section.tsx';
import { askPlatform, useDoing, usePlatform, type Doing } from '#renderer/features/platform/use-platform.ts';
import type { SupportAccess, SupportPerson, SupportSignIn } from '#shared/platform/platform-messages.ts';
import classes from './platform.module.css';

/** Who supports organizations, and where they are in, for how long and why. */
export function SupportSection() {
  const { t } = useTranslation();
  const staff = usePlatform('listStaff', {});
  const accesses = usePlatform('listSupport', {});
  const doing = useDoing();
  const [given, setGiven] = useState<SupportSignIn | null>(null);
  const people = staff.answer?.staff ?? [];

  async function change(work: () => Promise<unknown>, said: string): Promise<boolean> {
    if (!(await doing.run(work, said))) return false;
    staff.reload();
    accesses.reload();
    return true;
  }
  const give = ({ id }: SupportAccess): Promise<boolean> =>
    doing.run(async () => setGiven(await askPlatform('giveSupportSignIn', { id })), '');

  return (
    <Section name="support" error={staff.error ?? accesses.error} doing={doing}>
      <h2>{t('platform.support.staff')}</h2>
      <Staff people={people} doing={doing} change={change} />
      <h2>{t('platform.support.open')}</h2>
      {people.length === 0 ? (
        <p className={classes.muted}>{t('platform.support.staffFirst')}</p>
      ) : (
        <OpenSupportForm
          people={people}
          isBusy={doing.isBusy}
          onOpen={(wish) => change(() => askPlatform('openSupport', wish), t('platform.support.asked'))}
        />
      )}
      <h2>{t('platform.support.accesses')}</h2>
      <AccessTable
        accesses={accesses.answer?.accesses ?? []}
        showsOrganization
        renderActions={(access) => (
          <Group gap={6} wrap="nowrap">
            {access.state === 'open' ? (
              <Button size="compact-xs" variant="default" onClick={() => void give(access)}>
                {t('platform.support.give')}
              </Button>
            ) : null}
            {access.state === 'open' || access.state === 'asked' ? (
              <Button
                size="compact-xs"
                variant="default"
                onClick={() =>
                  void change(() => askPlatform('endSupport', { id: access.id }), t('platform.support.ended'))
                }
              >
                {t('support.end')}
              </Button>
            ) : null}
          </Group>
        )}
      />
      {given === null ? null : (
        <Modal
          opened
          onClose={() => setGiven(null)}
          closeOnClickOutside={false}
          title={<Text fw={600}>{t('platform.support.give')}</Text>}
          closeButtonProps={{ 'aria-label': t('common.close') }}
        >
          <Handover email={given.email} password={given.password} onClose={() => setGiven(null)} />
        </Modal>
      )}
    </Section>
  );
}

function Staff(props: {
  readonly people: readonly SupportPerson[];
  readonly doing: Doing;
  /** False: it was refused. */
  readonly change: (work: () => Promise<unknown>, said: string) => Promise<boolean>;
}) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  useTypedForm(name !== '' || email !== '');

  async function add(): Promise<void> {
    const isAdded = await props.change(
      () => askPlatform('addStaff', { name: name.trim(), email: email.trim() }),
      t('platform.support.added', { name: name.trim() }),
    );
    if (!isAdded) return;
    setName('');
    setEmail('');
  }

  return (
    <>
      <table className={classes.table}>
        <tbody>
          {props.people.map((person) => (
            <tr key={person.id}>
              <td>{person.name}</td>
              <td className={classes.muted}>{person.email}</td>
              <td>
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={t('platform.support.removeOne', { name: person.name })}
                  onClick={() =>
                    void props.change(
                      () => askPlatform('removeStaff', { id: person.id }),
                      t('platform.support.removed', { name: person.name }),
                    )
                  }
                >
                  {t('platform.support.remove')}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <form
        className={classes.row}
        style={{ marginTop: 10 }}
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <TextInput
          required
          label={t('platform.support.name')}
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          required
          type="email"
          label={t('platform.support.email')}
          maxLength={254}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Button type="submit" size="sm" loading={props.doing.isBusy}>
          {t('platform.support.add')}
        </Button>
      </form>
    </>
  );
}
