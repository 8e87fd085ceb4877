import { DrivePage } from "./drive-page.tsx";
import { mount } from "../app/mount.tsx";

mount(<DrivePage />);
