import { Form, Input, Modal } from "antd";
import type { Failure } from "../app/failure.ts";
import { ToldFailure } from "../app/told-failure.tsx";
import { type ReactNode, useId } from "react";
import { useWords } from "../app/language.tsx";

interface Props {
  /** What is about to be done, as a question or an order. */
  readonly title: string;
  readonly action: string;
  readonly busy: boolean;
  /** Why it was not done the last time. */
  readonly failure?: Failure | undefined;
  readonly act: (reason: string) => void;
  readonly close: () => void;
  /** Over the reason: what is known about what is about to be done. */
  readonly children?: ReactNode;
}

/** Whatever an operator does, they say why: the reason is in the event that it makes. */
export const ReasonDialog = ({ title, action, busy, failure, act, close, children }: Props) => {
  const { common, console: words } = useWords();
  const form = useId();
  return (
    <Modal
      open
      title={title}
      okText={action}
      cancelText={common.close}
      okButtonProps={{ htmlType: "submit", form, danger: true, loading: busy }}
      onCancel={close}
    >
      <ToldFailure failure={failure} />
      {children}
      <Form<{ reason: string }> id={form} layout="vertical" onFinish={({ reason }) => act(reason.trim())}>
        <Form.Item
          name="reason"
          label={common.reason}
          rules={[{ required: true, whitespace: true, max: 500, message: words.reasonNeeded }]}
        >
          <Input.TextArea rows={3} autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
};
