using System.Collections.Generic;
using System.Linq;
using IoPool.Analyzers.Flow;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Facts = System.Collections.Immutable.ImmutableDictionary<
    Microsoft.CodeAnalysis.ISymbol, Microsoft.CodeAnalysis.IOperation>;

namespace IoPool.Analyzers.ValueTasks;

/// <summary>IOP3002: variables that are ValueTasks, and whether they were consumed before.</summary>
/// <remarks>The fact about one is what consumed it, or the assignment of a value that may be consumed often.</remarks>
internal sealed class ConsumptionFlow : ForwardFlow
{
    private readonly LoopBody _body;
    private readonly HashSet<SyntaxNode> _reported = [];

    private ConsumptionFlow(ControlFlowGraph graph, LoopBody body)
        : base(graph, body.Cancellation) => _body = body;

    // An await that throws has consumed.
    protected override bool HandlerSeesAll => true;

    public static void Analyze(LoopBody body)
    {
        var functions = new HashSet<IOperation>();
        if (body.Method.Parameters.Any(static p => KnownTypes.IsValueTask(p.Type)))
            functions.Add(body.Operation);
        foreach (var found in OwnCode.Of(body))
        {
            if (found.Operation is ILocalReferenceOperation or IParameterReferenceOperation
                && KnownTypes.IsValueTask(found.Operation.Type))
            {
                functions.Add(found.Function);
            }
        }

        foreach (var function in functions)
        {
            if (FlowGraphs.Of(function, body.Cancellation) is { } graph)
                new ConsumptionFlow(graph, body).Run();
        }
    }

    protected override Facts Visit(IOperation operation, Facts facts) => operation switch
    {
        ISimpleAssignmentOperation assignment when VariableOf(assignment.Target) is { } variable =>
            ValueTaskUse.IsRepeatable(assignment.Value) ? facts.SetItem(variable, assignment) : facts.Remove(variable),
        // Captured as the target of an assignment or as one value of two: nobody can say which.
        IFlowCaptureOperation capture when VariableOf(capture.Value) is { } captured => facts.Remove(captured),
        ILocalReferenceOperation { IsDeclaration: true } declared => facts.Remove(declared.Local),
        _ when VariableOf(operation) is { } variable => Use(operation, variable, facts),
        _ => facts,
    };

    protected override IOperation Choose(IOperation one, IOperation other) =>
        one is IAssignmentOperation ? other : one;

    private static ISymbol? VariableOf(IOperation operation) =>
        !KnownTypes.IsValueTask(operation.Type) ? null : operation switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            _ => null,
        };

    private Facts Use(IOperation use, ISymbol variable, Facts facts)
    {
        if (IsOverwritten(use))
            return facts.Remove(variable);
        if (!Consumes(use))
            return facts;
        if (!facts.TryGetValue(variable, out var earlier))
            return facts.SetItem(variable, use);
        if (earlier is not IAssignmentOperation && _reported.Add(use.Syntax))
        {
            _body.Report(Diagnostic.Create(
                ValueTaskRules.ConsumedTwice,
                use.Syntax.GetLocation(),
                additionalLocations: [earlier.Syntax.GetLocation()],
                variable.Name));
        }

        return facts;
    }

    private static bool IsOverwritten(IOperation use) =>
        use.Parent is IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref };

    private static bool Consumes(IOperation use)
    {
        var (value, user) = (use, use.Parent);
        while (user is IParenthesizedOperation or IConversionOperation { Conversion.IsIdentity: true })
            (value, user) = (user, user.Parent);
        return user switch
        {
            // Only what is returned stands alone in a flow graph.
            null => true,
            IAwaitOperation or IReturnOperation => true,
            IInvocationOperation call => call.Instance == value
                && call.TargetMethod.Name is "GetAwaiter" or "AsTask" or "Preserve" or "ConfigureAwait",
            IPropertyReferenceOperation property => property.Property.Name == "Result",
            IArgumentOperation argument => KnownTypes.IsValueTask(argument.Parameter?.Type)
                && argument.Parent is IInvocationOperation { TargetMethod.Name: not "Equals" },
            _ => false,
        };
    }
}
