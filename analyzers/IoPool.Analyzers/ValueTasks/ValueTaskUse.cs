using System.Linq;
using IoPool.Analyzers.LoopCode;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IoPool.Analyzers.ValueTasks;

/// <summary>What becomes of a value that is a ValueTask.</summary>
internal readonly struct ValueTaskUse
{
    private ValueTaskUse(bool isDropped, bool isDiscard, string? holder)
    {
        IsDropped = isDropped;
        IsDiscard = isDiscard;
        Holder = holder;
    }

    /// <summary>Whether nobody ever looks at it.</summary>
    public bool IsDropped { get; }

    /// <summary>Whether it is dropped in so many words, <c>_ = M()</c>.</summary>
    public bool IsDiscard { get; }

    /// <summary>The field, property or collection that keeps it.</summary>
    public string? Holder { get; }

    public bool IsStored => Holder is not null;

    public static ValueTaskUse Of(IOperation value)
    {
        while (true)
        {
            var user = value.Parent;
            switch (user)
            {
                case IParenthesizedOperation:
                case IConversionOperation conversion when KnownTypes.IsValueTask(Underlying(conversion.Type)):
                case IConditionalAccessOperation access when access.WhenNotNull == value:
                case IConditionalOperation choice when choice.Condition != value:
                case ICoalesceOperation or ISwitchExpressionOperation:
                case ISwitchExpressionArmOperation arm when arm.Value == value:
                case IInvocationOperation call when call.Instance == value && call.TargetMethod.Name == "ConfigureAwait":
                    value = user;
                    break;
                case IExpressionStatementOperation:
                    return new(isDropped: !IsExpressionTree(user), isDiscard: false, holder: null);
                case IAssignmentOperation assignment when assignment.Value == value:
                    return assignment.Target is IDiscardOperation
                        ? new(isDropped: true, isDiscard: true, holder: null)
                        : StoredIn(value, HolderOf(assignment.Target));
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } when !IsUsed(declarator):
                    return new(isDropped: true, isDiscard: false, holder: null);
                case IFieldInitializerOperation initializer:
                    return StoredIn(value, initializer.InitializedFields[0].Name);
                case IPropertyInitializerOperation initializer:
                    return StoredIn(value, initializer.InitializedProperties[0].Name);
                case ITupleOperation tuple when TargetOf(value, tuple) is { } target:
                    return StoredIn(value, HolderOf(target));
                // What is passed one by one to params is in an array that nobody sees.
                case IArrayInitializerOperation { Parent: { IsImplicit: false } array }:
                    return StoredIn(value, KeeperOf(array));
                case ICollectionExpressionOperation collection:
                    return StoredIn(value, KeeperOf(collection));
                case IArgumentOperation argument:
                    return StoredIn(value, CollectionOf(argument));
                default:
                    return default;
            }
        }
    }

    /// <summary>Whether a value may be consumed more than once: it holds its result, or a task.</summary>
    public static bool IsRepeatable(IOperation value) => Values.Strip(value) switch
    {
        IInvocationOperation call => call.TargetMethod.Name == "Preserve"
            || (call.TargetMethod.IsStatic && KnownTypes.IsValueTask(call.TargetMethod.ContainingType)),
        IPropertyReferenceOperation { Property.Name: "CompletedTask" } => true,
        IObjectCreationOperation or IDefaultValueOperation or ILiteralOperation => true,
        _ => false,
    };

    private static bool IsUsed(IVariableDeclaratorOperation declarator)
    {
        IOperation root = declarator;
        while (root.Parent is { } parent)
            root = parent;
        return root.Descendants().Any(operation => operation is ILocalReferenceOperation local
            && SymbolEqualityComparer.Default.Equals(local.Local, declarator.Symbol));
    }

    private static ITypeSymbol? Underlying(ITypeSymbol? type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : type;

    // ConfigureAwait makes another struct of it, which nobody stores by accident.
    private static ValueTaskUse StoredIn(IOperation value, string? holder) =>
        KnownTypes.IsValueTask(Underlying(value.Type)) ? new(isDropped: false, isDiscard: false, holder) : default;

    private static string? HolderOf(IOperation target) => Values.Strip(target) switch
    {
        IFieldReferenceOperation field => field.Field.Name,
        IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } instance } => instance.Syntax.ToString(),
        IPropertyReferenceOperation property => property.Property.Name,
        IArrayElementReferenceOperation element => element.ArrayReference.Syntax.ToString(),
        _ => null,
    };

    // (_pending, count) = (SendAsync(), 1)
    private static IOperation? TargetOf(IOperation value, ITupleOperation tuple)
    {
        IOperation whole = tuple;
        while (whole.Parent is IConversionOperation conversion)
            whole = conversion;
        return whole.Parent is IDeconstructionAssignmentOperation { Target: ITupleOperation targets } assignment
            && assignment.Value == whole && targets.Elements.Length == tuple.Elements.Length
            ? targets.Elements[tuple.Elements.IndexOf(value)]
            : null;
    }

    // What keeps an array or collection; one that is only gone through keeps nothing.
    private static string? KeeperOf(IOperation value)
    {
        while (value.Parent is IConversionOperation conversion)
            value = conversion;
        return value.Parent switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => declarator.Symbol.Name,
            IAssignmentOperation assignment when assignment.Value == value => HolderOf(assignment.Target),
            IFieldInitializerOperation field => field.InitializedFields[0].Name,
            _ => null,
        };
    }

    private static string? CollectionOf(IArgumentOperation argument) =>
        argument.Parent is IInvocationOperation { Instance: { } collection } call
        && KnownTypes.IsValueTask(argument.Parameter?.Type)
        && IsCollection(call.TargetMethod.ContainingType)
        && call.TargetMethod.Name is "Add" or "TryAdd" or "Enqueue" or "Push" or "Insert" or "AddFirst" or "AddLast"
            or "AddOrUpdate" or "GetOrAdd"
            ? collection.IsImplicit ? collection.Type?.Name : collection.Syntax.ToString()
            : null;

    private static bool IsCollection(ITypeSymbol type)
    {
        for (var space = type.ContainingNamespace; space is not null; space = space.ContainingNamespace)
        {
            if (space is { Name: "Collections", ContainingNamespace.Name: "System" })
                return true;
        }

        return false;
    }

    // What only describes a call, as mocks do, makes none.
    private static bool IsExpressionTree(IOperation statement)
    {
        var current = statement.Parent;
        while (current is not (null or IAnonymousFunctionOperation))
            current = current.Parent;
        var function = current?.Parent;
        while (function is IDelegateCreationOperation or IConversionOperation { Type.Name: not "Expression" })
            function = function.Parent;
        return function is IConversionOperation;
    }
}
