import { StartPage } from "./start-page.tsx";
import { mount } from "../app/mount.tsx";

mount(<StartPage />);
