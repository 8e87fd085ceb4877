import { Alert, Button, Card, Form, Input, Typography } from "antd";
import type { SignedOut } from "./session.ts";
import { Choices } from "../app/choices.tsx";
import { tokenIn } from "./token-in.ts";
import { useWords } from "../app/language.tsx";

interface Props {
  readonly why: SignedOut | null;
  readonly signIn: (token: string) => void;
}

/** An operator has a token, not a password: `npm start` prints a link with one. */
export const SignIn = ({ why, signIn }: Props) => {
  const { common, console: words } = useWords();
  return (
    <main className="sign-in">
      <Card
        title={<h1 className="brand">{`${common.start} · ${words.title}`}</h1>}
        extra={<Choices />}
        style={{ width: 480, maxWidth: "100%" }}
      >
        {why && <Alert type="warning" showIcon title={words.signIn[why]} style={{ marginBottom: 16 }} />}
        <Typography.Paragraph>{words.signIn.how}</Typography.Paragraph>
        <Form<{ token: string }>
          layout="vertical"
          requiredMark={false}
          onFinish={({ token }) => signIn(tokenIn(token)!)}
        >
          <Form.Item
            name="token"
            label={words.signIn.token}
            rules={[
              {
                validator: (_, text?: string) =>
                  tokenIn(text ?? "") === null
                    ? Promise.reject(new Error(words.signIn.notAToken))
                    : Promise.resolve(),
              },
            ]}
          >
            <Input.TextArea rows={4} autoFocus autoComplete="off" spellCheck={false} />
          </Form.Item>
          <Button type="primary" htmlType="submit">
            {words.signIn.enter}
          </Button>
        </Form>
      </Card>
    </main>
  );
};
