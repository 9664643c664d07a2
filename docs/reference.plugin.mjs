/** For typedoc: the middlewares of a framework are constants with the type of a function, and are shown as functions; modules have the names that users import. */
import { Context, Converter, ReflectionKind } from 'typedoc';

const commentOf = Context.prototype.getComment;
Context.prototype.getComment = function (symbol, kind) {
  const comment = commentOf.call(this, symbol, kind);
  if (comment && kind === ReflectionKind.Variable && callable(this, symbol)) comment.modifierTags.add('@function');
  return comment;
};

function callable({ checker }, symbol) {
  const type = checker.getTypeOfSymbol(symbol);
  return type.getCallSignatures().length > 0 && type.getConstructSignatures().length === 0;
}

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getChildrenByKind(ReflectionKind.Module))
      module.name = module.name === 'index' ? 'unstale' : `unstale/${module.name}`;
    for (const signature of project.getReflectionsByKind(ReflectionKind.CallSignature))
      signature.parameters = signature.parameters?.filter(({ name }) => name !== 'this'); // it says that they need none
  });
}
