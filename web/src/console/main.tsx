import { Console } from "./console.tsx";
import { mount } from "../app/mount.tsx";

mount(<Console />);
