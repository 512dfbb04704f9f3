package dev.holdfast;

import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the exported packages show, read by reflection: all that is public or protected in them. */
final class PublicApi {
    private static final Pattern EXPORT = Pattern.compile("^ *exports ([\\w.]+);", Pattern.MULTILINE);
    /** Each enum and record has them. */
    private static final Set<String> OF_THE_LANGUAGE = Set.of("values", "valueOf", "equals", "hashCode", "toString");

    private PublicApi() {}

    /** A line for each type, and after it one for each member; always in the same order. */
    static List<String> lines() throws IOException, URISyntaxException {
        List<String> lines = new ArrayList<>();
        for (Class<?> type : types()) {
            lines.add(heading(type));
            members(type).forEach(member -> lines.add(type.getName() + ": " + member));
        }
        return lines;
    }

    /** The classes that a type names where users see it. */
    static Set<Class<?>> namedBy(Class<?> type) {
        Set<Class<?>> used = new HashSet<>();
        supertypes(type).forEach(superType -> collect(superType, used));
        collect(type.getTypeParameters(), used);
        Stream.of(type.getDeclaredFields())
                .filter(field -> isShown(field.getModifiers()))
                .forEach(field -> collect(field.getGenericType(), used));
        for (Executable executable : executables(type)) {
            collect(executable.getGenericParameterTypes(), used);
            collect(executable.getGenericExceptionTypes(), used);
            collect(executable.getTypeParameters(), used);
            if (executable instanceof Method method) {
                collect(method.getGenericReturnType(), used);
            }
        }
        return used;
    }

    static List<String> exportedPackages() throws IOException {
        return EXPORT.matcher(Files.readString(Path.of("src/main/java/module-info.java")))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    /** Public, and in public classes all the way out; in the order of their names. */
    static List<Class<?>> types() throws IOException, URISyntaxException {
        Path classes = Path.of(Holdfast.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<Class<?>> types = new ArrayList<>();
        for (String name : exportedPackages()) {
            try (Stream<Path> files = Files.list(classes.resolve(name.replace('.', '/')))) {
                for (Path file : files.toList()) {
                    String fileName = file.getFileName().toString();
                    if (fileName.endsWith(".class") && !fileName.equals("package-info.class")) {
                        Class<?> type = load(name + "." + fileName.substring(0, fileName.length() - 6));
                        if (isShown(type)) {
                            types.add(type);
                        }
                    }
                }
            }
        }
        types.sort(Comparator.comparing(Class::getName));
        return types;
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PublicApi.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isShown(Class<?> type) {
        boolean here = !type.isSynthetic() && !type.isAnonymousClass() && !type.isLocalClass();
        Class<?> outer = type.getDeclaringClass();
        return here && isShown(type.getModifiers()) && (outer == null || isShown(outer));
    }

    private static boolean isShown(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    static List<Executable> executables(Class<?> type) {
        return Stream.concat(Stream.of(type.getDeclaredConstructors()), Stream.of(type.getDeclaredMethods()))
                .filter(executable -> !executable.isSynthetic() && isShown(executable.getModifiers()))
                .toList();
    }

    private static List<Type> supertypes(Class<?> type) {
        List<Type> all = new ArrayList<>(List.of(type.getGenericInterfaces()));
        if (type.getGenericSuperclass() != null) {
            all.add(0, type.getGenericSuperclass());
        }
        return all;
    }

    private static String heading(Class<?> type) {
        String kind = type.isEnum() ? "enum" : type.isRecord() ? "record" : type.isInterface() ? "interface" : "class";
        // An enum's and a record's modifiers depend on the compiler's mind, and say nothing to a user.
        String modifiers = kind.equals("class") ? Modifier.toString(type.getModifiers()) : "public";
        List<Type> named = supertypes(type).stream()
                .filter(superType ->
                        !Set.of("java.lang.Object", "java.lang.Record").contains(superType.getTypeName()))
                .filter(superType -> !superType.getTypeName().startsWith("java.lang.Enum<"))
                .toList();
        return modifiers + " " + kind + " " + type.getName() + parameters(type.getTypeParameters())
                + (named.isEmpty() ? "" : " : " + names(named.toArray(new Type[0])));
    }

    private static List<String> members(Class<?> type) {
        List<String> members = new ArrayList<>();
        if (type.isRecord()) {
            members.add("record ("
                    + Stream.of(type.getRecordComponents())
                            .map(PublicApi::component)
                            .collect(Collectors.joining(", "))
                    + ")");
        }
        List<String> constants = new ArrayList<>();
        List<String> rest = new ArrayList<>();
        for (Field field : type.getDeclaredFields()) {
            if (field.isEnumConstant()) {
                constants.add("constant " + field.getName());
            } else if (isShown(field.getModifiers()) && !field.isSynthetic()) {
                rest.add(Modifier.toString(field.getModifiers()) + " "
                        + field.getGenericType().getTypeName() + " " + field.getName());
            }
        }
        for (Executable executable : executables(type)) {
            if (!OF_THE_LANGUAGE.contains(executable.getName())) {
                rest.add(signature(executable));
            }
        }
        Collections.sort(rest);
        members.addAll(constants);
        members.addAll(rest);
        return members;
    }

    private static String component(RecordComponent component) {
        return component.getGenericType().getTypeName() + " " + component.getName();
    }

    private static String signature(Executable executable) {
        String modifiers = Modifier.toString(executable.getModifiers() & Modifier.methodModifiers());
        String result = executable instanceof Method method
                ? method.getGenericReturnType().getTypeName() + " " + method.getName()
                : executable.getDeclaringClass().getSimpleName();
        String thrown = names(executable.getGenericExceptionTypes());
        return modifiers + " " + parameters(executable.getTypeParameters()) + result + "("
                + names(executable.getGenericParameterTypes()) + ")" + (thrown.isEmpty() ? "" : " throws " + thrown);
    }

    private static String names(Type[] types) {
        return Stream.of(types).map(Type::getTypeName).collect(Collectors.joining(", "));
    }

    private static String parameters(TypeVariable<?>[] variables) {
        return variables.length == 0
                ? ""
                : Stream.of(variables)
                        .map(variable -> variable.getName() + " extends " + names(variable.getBounds()))
                        .collect(Collectors.joining(", ", "<", "> "));
    }

    private static void collect(Type[] types, Set<Class<?>> into) {
        for (Type type : types) {
            collect(type, into);
        }
    }

    /** The classes in a type. A variable's bounds are collected where it is declared. */
    private static void collect(Type type, Set<Class<?>> into) {
        if (type instanceof Class<?> plain) {
            into.add(plain.isArray() ? plain.getComponentType() : plain);
        } else if (type instanceof ParameterizedType parameterized) {
            collect(parameterized.getRawType(), into);
            collect(parameterized.getActualTypeArguments(), into);
        } else if (type instanceof GenericArrayType array) {
            collect(array.getGenericComponentType(), into);
        } else if (type instanceof WildcardType wildcard) {
            collect(wildcard.getUpperBounds(), into);
            collect(wildcard.getLowerBounds(), into);
        } else if (type instanceof TypeVariable<?> variable && variable.getBounds().length > 0) {
            Stream.of(variable.getBounds()).filter(Class.class::isInstance).forEach(bound -> collect(bound, into));
        }
    }
}
