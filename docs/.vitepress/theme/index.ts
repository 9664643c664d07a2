/** The default theme, with room for tables and long names. */
import DefaultTheme from 'vitepress/theme-without-fonts';
import './page.css';

export default DefaultTheme;
